package main

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sawmill/batch"
	"sawmill/kpn"
)

// Without a terminal there is a line every few seconds and nothing else: no
// control codes, no line for each sound.
func TestProgressWithoutTerminal(t *testing.T) {
	var out bytes.Buffer
	c := &console{err: &out, log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))}
	p, err := kpn.ParsePreset("p", []byte(`{"sawmill":1,"nodes":{"osc":{"kind":"osc"}},"output":"osc"}`))
	require.NoError(t, err)
	shown := newProgress(c, &batch.Options{Sound: batch.Sound{Preset: p, Seconds: 2, Rate: 1000, Channels: 1}})
	now := shown.start
	shown.clock = func() time.Time { return now }
	const present, count = 10, 110
	for done := present; done <= count; done++ {
		shown.update(batch.Progress{Done: done, Count: count, Present: present, Samples: int64(done-present) * 2000})
		now = now.Add(100 * time.Millisecond)
	}
	shown.end()
	require.Equal(t, `level=INFO msg=rendering finished=60 of=110 sounds/s=10.0 ×realtime=20 left=5s
level=INFO msg=rendering finished=110 of=110 sounds/s=10.0 ×realtime=20 left=0s
`, out.String())
	require.Equal(t, " in 10.1s, 9.9 sounds/s, 20× real time", shown.speed())
}
