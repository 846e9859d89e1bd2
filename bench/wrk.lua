-- What wrk has measured, as JSON: its own text is rounded. Times are in microseconds.
done = function (summary, latency)
  local errors = summary.errors
  io.write(string.format('JSON {"requests":%d,"duration":%d,"p50":%.1f,"p99":%.1f,"refused":%d,"cut":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
