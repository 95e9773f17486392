package batch

import (
	"errors"
	"fmt"
	"io"
	"iter"
)

// span is a run of items to render as one batch.
type span struct {
	first, n int
	// want holds the hashes that the items had when they were first written:
	// they were finished and have gone missing. It is nil for new items.
	want []string
}

// spans yields what is still to be rendered: finished sounds whose files are
// missing or have another size, then everything that the journal does not
// list. The journal's length counts as of the call.
func (j *journal) spans() iter.Seq2[span, error] {
	o, first, size := j.options, j.entries, j.size
	finished := func(yield func(fileInfo, error) bool) {
		if size == 0 {
			return
		}
		item := 0
		for e, err := range j.read(size) {
			if err != nil {
				yield(fileInfo{}, err)
				return
			}
			if !yield(fileInfo{o.fileName(item), e.Bytes, e.SHA256}, nil) {
				return
			}
			item++
		}
	}
	return func(yield func(span, error) bool) {
		for s, err := range damaged(j.dir, o, finished) {
			if !yield(s, err) || err != nil {
				return
			}
		}
		for at := first; at < o.Count; at += o.batch() {
			if !yield(span{first: at, n: min(o.batch(), o.Count-at)}, nil) {
				return
			}
		}
	}
}

// spans yields the finished dataset's sounds that are missing or have another
// size than the manifest says.
func (m *manifest) spans(d *directory, o *Options) iter.Seq2[span, error] {
	return damaged(d, o, func(yield func(fileInfo, error) bool) {
		for item := 0; ; item++ {
			f, err := m.next()
			if errors.Is(err, io.EOF) {
				if item == o.Count {
					return
				}
				err = &DamagedError{m.path, fmt.Sprintf("it lists %d of %d files", item, o.Count)}
			}
			if err != nil {
				yield(fileInfo{}, err)
				return
			}
			if !yield(*f, nil) {
				return
			}
		}
	})
}

// damaged gathers the files that are not as they should be into spans of at
// most a batch. The files come in the order of their items, from the first.
func damaged(d *directory, o *Options, files iter.Seq2[fileInfo, error]) iter.Seq2[span, error] {
	return func(yield func(span, error) bool) {
		var s span
		item := 0
		for f, err := range files {
			if err != nil {
				yield(span{}, err)
				return
			}
			if item >= o.Count || f.File != o.fileName(item) || f.Bytes != o.wave().fileBytes() {
				yield(span{}, &DamagedError{d.path(manifestName), "its list of files does not fit its arguments"})
				return
			}
			size, err := d.size(f.File)
			if err != nil {
				yield(span{}, err)
				return
			}
			broken := size != f.Bytes
			if s.n > 0 && (!broken || s.n == o.batch()) {
				if !yield(s, nil) {
					return
				}
				s = span{}
			}
			if broken {
				if s.n == 0 {
					s.first = item
				}
				s.n++
				s.want = append(s.want, f.SHA256)
			}
			item++
		}
		if s.n > 0 {
			yield(s, nil)
		}
	}
}
