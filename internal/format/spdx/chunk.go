package spdx

import "iter"

// chunked is a list that grows without copying what it holds: a slice that doubles
// would leave behind as much again, which counts in a document of 300,000 packages.
type chunked[T any] struct {
	chunks [][]T
	n      int
}

const chunkLen = 4096

func (c *chunked[T]) add(v T) {
	if c.n%chunkLen == 0 {
		size := chunkLen
		if c.n == 0 {
			size = 64 // most documents are small
		}
		c.chunks = append(c.chunks, make([]T, 0, size))
	}
	last := len(c.chunks) - 1
	c.chunks[last] = append(c.chunks[last], v)
	c.n++
}

// at is the place of an item, good until list.
func (c *chunked[T]) at(i int) *T { return &c.chunks[i/chunkLen][i%chunkLen] }

func (c *chunked[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, chunk := range c.chunks {
			for _, v := range chunk {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// list gives everything in one slice and empties the chunks.
func (c *chunked[T]) list() []T {
	if c.n == 0 {
		return nil
	}
	out := make([]T, 0, c.n)
	for i, chunk := range c.chunks {
		out = append(out, chunk...)
		c.chunks[i] = nil
	}
	c.chunks, c.n = nil, 0
	return out
}
