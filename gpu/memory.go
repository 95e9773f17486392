package gpu

// memory is the buffers of one job on its way through a device.
type memory struct {
	device *Device
	// samples are two where a job has several segments, so that one is read
	// while the other is written. transfers bring them to the host.
	samples   [2]*buffer
	transfers [2]*transfer
	// shared are the buffers of the other bindings, by binding.
	shared [bindings]*buffer
}

// reserve makes the buffers at least as large as asked for, and as many sample
// buffers as segments need. Call it on the device's thread.
func (m *memory) reserve(sizes [bindings]int, samples int) error {
	for i := range samples {
		if enough(m.samples[i], sizes[bindSamples]) {
			continue
		}
		if m.transfers[i] != nil {
			m.device.deleteTransfer(m.transfers[i])
		}
		m.transfers[i] = m.device.newTransfer(sizes[bindSamples])
		if err := m.replace(&m.samples[i], sizes[bindSamples], m.device.outputUse()); err != nil {
			return err
		}
	}
	for binding := bindRowParams; binding < bindings; binding++ {
		// Every binding gets a buffer: kernels declare them all.
		size := max(sizes[binding], 16)
		if enough(m.shared[binding], size) {
			continue
		}
		if err := m.replace(&m.shared[binding], size, deviceUse); err != nil {
			return err
		}
	}
	return nil
}

func enough(b *buffer, size int) bool { return b != nil && b.size >= size }

func (m *memory) replace(b **buffer, size int, use bufferUse) (err error) {
	if *b != nil {
		m.device.deleteBuffer(*b)
		*b = nil
	}
	*b, err = m.device.newBuffer(size, use)
	return err
}

// free deletes the buffers. A closed or lost device has none left to delete.
func (m *memory) free() {
	_ = m.device.do(func() error {
		for i := range m.samples {
			if m.transfers[i] != nil {
				m.device.deleteTransfer(m.transfers[i])
			}
			if m.samples[i] != nil {
				m.device.deleteBuffer(m.samples[i])
			}
		}
		for _, b := range m.shared {
			if b != nil {
				m.device.deleteBuffer(b)
			}
		}
		return nil
	})
	*m = memory{device: m.device}
}
