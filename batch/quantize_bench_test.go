package batch

import "testing"

func BenchmarkEncode(b *testing.B) {
	src := make([]float32, 1<<16)
	for i := range src {
		src[i] = float32(i%997)/1000 - 0.5
	}
	for _, e := range []Encoding{PCM16, PCM24, Float32} {
		b.Run(e.String(), func(b *testing.B) {
			dst := make([]byte, len(src)*e.Bytes())
			var l level
			b.SetBytes(int64(4 * len(src)))
			for b.Loop() {
				encode(e, dst, e.Bytes(), src, &l)
			}
			b.ReportMetric(float64(b.N)*float64(len(src))/b.Elapsed().Seconds()/1e6, "Msamples/s")
		})
	}
}
