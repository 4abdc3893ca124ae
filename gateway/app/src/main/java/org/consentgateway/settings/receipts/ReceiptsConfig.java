package org.consentgateway.settings.receipts;

import java.net.URI;
import java.util.Optional;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.Setting;

/**
 * A page from which people fetch their receipts.
 *
 * @param listen none: there is none
 * @param url by which people reach it
 * @param behindProxy whether X-Forwarded-For has the visitor's address as its last
 */
public record ReceiptsConfig(
        @Setting(byDefault = "", example = "127.0.0.1:8084") Optional<HostPort> listen,
        @Setting(byDefault = "", example = "https://belege.example.com") Optional<URI> url,
        @Setting(byDefault = "false") boolean behindProxy) {

    /** Where people are sent; empty for nowhere. */
    public String page() {
        return listen.map(at -> url.map(URI::toString).orElse("http://" + at)).orElse("");
    }

    /** What must hold between its keys. */
    public void check(Complaints complaints) {
        boolean tls = url.map(URI::getScheme).filter("https"::equals).isPresent();
        listen.filter(at -> !tls && !at.socketAddress().getAddress().isLoopbackAddress())
                .ifPresent(at ->
                        complaints.about(
                                "receipts.listen",
                                "would have codes and receipts travel in clear text: listen on"
                                        + " this machine, or say receipts.url: https://… where a"
                                        + " proxy with TLS stands before it",
                                "listen: 127.0.0.1:" + at.socketAddress().getPort()));
        url.filter(one -> one.getHost() == null || !tls)
                .ifPresent(_ ->
                        complaints.about(
                                "receipts.url",
                                "must be https: codes and receipts travel there",
                                "url: https://belege.example.com"));
        url.filter(_ -> listen.isEmpty())
                .ifPresent(_ ->
                        complaints.about(
                                "receipts.url",
                                "leads to a page that is not there: receipts.listen is empty",
                                "listen: 127.0.0.1:8084"));
    }
}
