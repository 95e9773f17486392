package gpu

// Compute runs a kernel once over a number of workgroups: the storage buffer
// at binding 0 holds in, and what the kernel leaves in the one at binding 1,
// zeros before, is copied to out. It is there to test and measure shader text
// by itself; graphs go through an [Engine].
func (d *Device) Compute(kernel, source string, groups int, in, out []uint32) error {
	return d.do(func() error {
		p, err := d.program(kernel, source)
		if err != nil {
			return err
		}
		defer d.release(p)
		from, err := d.newBuffer(4*len(in), deviceUse)
		if err != nil {
			return err
		}
		defer d.deleteBuffer(from)
		to, err := d.newBuffer(4*len(out), deviceUse)
		if err != nil {
			return err
		}
		defer d.deleteBuffer(to)
		upload(from, 0, in)
		to.clear()
		from.bind(0)
		to.bind(1)
		p.use()
		if err := d.dispatch(groups, 1, 1); err != nil {
			return err
		}
		read(to, 0, out)
		return nil
	})
}
