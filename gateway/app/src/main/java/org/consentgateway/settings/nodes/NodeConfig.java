package org.consentgateway.settings.nodes;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.Setting;

/**
 * One of the nodes that share a store.
 *
 * @param id names this node's log; no two running nodes share one
 * @param listen where the others say what may not wait for the store; none: nowhere
 * @param others where they listen
 */
public record NodeConfig(
        @Setting(byDefault = "gateway", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String id,
        @Setting(byDefault = "", example = "10.0.0.11:8085") Optional<HostPort> listen,
        @Setting(byDefault = "[]", example = "[http://10.0.0.12:8085]") List<URI> others) {

    /** What must hold between its keys. */
    public void check(boolean sharedStore, Complaints complaints) {
        if (!others.isEmpty() && listen.isEmpty()) {
            complaints.about(
                    "node.listen",
                    "is missing: the other nodes would have withdrawals to tell, too",
                    "listen: 10.0.0.11:8085");
        }
        if (!sharedStore && (!others.isEmpty() || listen.isPresent())) {
            complaints.about(
                    others.isEmpty() ? "node.listen" : "node.others",
                    "speaks of nodes that share a store, and store.url is of this machine alone",
                    "");
        }
        for (int i = 0; i < others.size(); i++) {
            URI each = others.get(i);
            if (each.getHost() == null || each.getPath().length() > 1 || each.getQuery() != null) {
                complaints.about(
                        "node.others[" + i + "]",
                        "must be what another node has as node.listen, without a path",
                        "http://10.0.0.12:8085");
            }
        }
    }
}
