package goldens_test
import ("testing";"os";"encoding/json";"math";"context";"strconv";"sawmill/cpuref";"sawmill/goldens/compare")
func TestZZTol(t *testing.T){
 m:=map[string][]compare.Tolerance{}
 for _,c:=range allCases(t){ d,err:=compare.DeriveMeasured(context.Background(),cpuref.New(),c.Graph,c.GoldenJob()); if err!=nil{t.Error(c.Name,err);continue}
  for i:=range d { if !d[i].Exact { p:=math.Pow(10,math.Floor(math.Log10(d[i].MaxAbs))-2); s:=strconv.FormatFloat(math.Ceil(d[i].MaxAbs/p*(1-1e-12))*p,'g',3,64); x,_:=strconv.ParseFloat(s,64); d[i].MaxAbs=x; d[i].RMSdB=math.Ceil(d[i].RMSdB*10)/10; if d[i].RMSdB==0 {t.Error(c.Name)} } }
  m[c.Name]=d; t.Log(c.Name,d) }
 b,_:=json.Marshal(m); os.WriteFile("/tmp/tol.json",b,0644)
}
