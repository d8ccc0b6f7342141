package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// What a process of its own understood comes back as lines of JSON: one with
// everything but the components, or with what was wrong; then one for each
// component; then one that says that nothing is missing.

type understoodHead struct {
	Understood *Understood  `json:"understood,omitempty"`
	Components int          `json:"components"`
	Fault      *faultInLine `json:"fault,omitempty"`
}

type faultInLine struct {
	Kind     fault.Kind      `json:"kind"`
	Public   string          `json:"public"`
	Problems []fault.Problem `json:"problems,omitempty"`
}

const understoodEnd = `{"end":true}`

// WriteUnderstood writes what a document was understood as, or why it was not, for
// the process that asked.
func WriteUnderstood(w io.Writer, u *Understood, cause error) error {
	out := bufio.NewWriterSize(w, 64<<10)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	head := understoodHead{Understood: u}
	if cause != nil {
		public, problems := fault.Public(cause)
		head = understoodHead{Fault: &faultInLine{fault.KindOf(cause), public, problems}}
	} else {
		head.Components = len(u.Components)
	}
	if err := e.Encode(head); err != nil {
		return fmt.Errorf("write what was understood: %w", err)
	}
	if cause == nil {
		for i := range u.Components {
			if err := e.Encode(&u.Components[i]); err != nil {
				return fmt.Errorf("write what was understood: %w", err)
			}
		}
	}
	fmt.Fprintln(out, understoodEnd)
	return out.Flush()
}

var errCutShort = errors.New("what was understood is cut short")

// ReadUnderstood reads what WriteUnderstood wrote.
func ReadUnderstood(r io.Reader) (*Understood, error) {
	d := json.NewDecoder(bufio.NewReaderSize(r, 64<<10))
	var head understoodHead
	if err := d.Decode(&head); err != nil {
		return nil, errors.Join(errCutShort, err)
	}
	if f := head.Fault; f != nil {
		return nil, &fault.Error{Kind: f.Kind, Public: f.Public, Problems: f.Problems}
	}
	u := head.Understood
	if u == nil {
		return nil, errCutShort
	}
	u.Components = make([]Component, 0, min(max(head.Components, 0), 1<<20))
	for range head.Components {
		var c Component
		if err := d.Decode(&c); err != nil {
			return nil, errors.Join(errCutShort, err)
		}
		u.Components = append(u.Components, c)
	}
	var end struct {
		End bool `json:"end"`
	}
	if err := d.Decode(&end); err != nil || !end.End {
		return nil, errCutShort
	}
	return u, nil
}
