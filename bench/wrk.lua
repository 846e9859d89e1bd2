-- wrk's own text rounds its figures. Prints the requests, the duration and p99 in microseconds, and the errors.
done = function (summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT %d %d %.1f %d', summary.requests, summary.duration, latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write))
end
