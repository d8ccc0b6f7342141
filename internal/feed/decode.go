package feed

import (
	"context"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/format/osv"
)

// batch is how many entries a worker takes at once: enough that handing them over
// costs nothing, few enough that little waits in memory.
const batch = 64

// decode unpacks and reads the items of a source with several workers and delivers
// them in order. At most two batches a worker are under way.
func decode(ctx context.Context, in *opened, o Options, brief bool, deliver func(Entry) error) error {
	ctx, cancel := context.WithCancel(ctx)
	type job struct {
		items []item
		done  chan []Entry
	}
	todo := make(chan job)
	order := make(chan job, 2*o.Workers)
	var workers sync.WaitGroup
	// Whoever leaves early waits until nobody reads the file any more.
	defer workers.Wait()
	defer cancel()
	workers.Go(func() {
		defer close(todo)
		defer close(order)
		for start := 0; start < len(in.items); start += batch {
			j := job{items: in.items[start:min(start+batch, len(in.items))], done: make(chan []Entry, 1)}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			select {
			case todo <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range o.Workers {
		workers.Go(func() {
			r := osv.NewReader(o.Limits.Record)
			if brief {
				r.Brief()
			}
			for j := range todo {
				out := make([]Entry, len(j.items))
				for i, it := range j.items {
					raw, err := it.get()
					out[i] = read(r, it.name, raw, err)
				}
				j.done <- out
			}
		})
	}
	for j := range order {
		select {
		case entries := <-j.done:
			for _, e := range entries {
				if err := deliver(e); err != nil {
					return err
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}
