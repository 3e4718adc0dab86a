package fleet.ctl.remote;

import fleet.api.client.Trace;
import fleet.ctl.console.Log;

/// Logs what is asked of the API, in fleet 1.0's words (`pkg/http.go`).
final class RequestLog implements Trace {

  private final Log log;

  RequestLog(Log log) {
    this.log = log;
  }

  @Override
  public void asked(String method, String url) {
    log.debug("HTTP " + method + " " + url);
  }

  @Override
  public void answered(String method, String url, int status) {
    log.debug("HTTP " + method + " " + url + " " + status);
  }
}
