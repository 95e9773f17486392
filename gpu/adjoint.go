package gpu

import (
	"context"
	"errors"

	"sawmill/kpn"
)

// Adjoint implements [kpn.Executable].
func (x *Executable) Adjoint(ctx context.Context, job *kpn.AdjointJob) (*kpn.Gradients, error) {
	return nil, errors.New("under construction")
}
