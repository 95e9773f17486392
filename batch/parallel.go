package batch

import (
	"sync"
	"sync/atomic"
)

// parallel calls do for 0 … n−1 from up to workers goroutines and returns the
// error of the lowest index that failed. It does not start more calls after a
// failure, but lower indices have all been started by then.
func parallel(workers, n int, do func(i int) error) error {
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	var (
		next   atomic.Int64
		failed atomic.Bool
		wg     sync.WaitGroup
		mu     sync.Mutex
		first  error
		lowest int
	)
	for range workers {
		wg.Go(func() {
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					failed.Store(true)
					mu.Lock()
					if first == nil || i < lowest {
						first, lowest = err, i
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return first
}
