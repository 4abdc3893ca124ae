package org.consentgateway.settings.listen;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Complaints;
import org.consentgateway.config.HostPort;
import org.consentgateway.config.ListenAddress;
import org.consentgateway.settings.GatewayConfig;

/** Confined to one check. Each port is of one part: the second to ask for it would not start. */
public final class ListenRules {
    private final Complaints complaints;
    private final List<Port> taken = new ArrayList<>();

    private ListenRules(Complaints complaints) {
        this.complaints = complaints;
    }

    /**
     * Immutable. The ports that one key takes.
     *
     * @param last the same as the first, or that of a range
     */
    private record Port(String key, boolean udp, InetAddress at, int first, int last) {
        /** An address that stands for all of them takes the port of each; port 0 is any free. */
        boolean meets(Port other) {
            return udp == other.udp
                    && first > 0
                    && other.first > 0
                    && first <= other.last
                    && other.first <= last
                    && (at.equals(other.at)
                            || at.isAnyLocalAddress()
                            || other.at.isAnyLocalAddress());
        }

        String shown() {
            return first + (last > first ? " to " + last : "");
        }
    }

    public static void check(GatewayConfig config, Complaints complaints) {
        var rules = new ListenRules(complaints);
        GatewayConfig.Media media = config.media();
        rules.take(
                new Port(
                        "media.ports",
                        true,
                        media.address(),
                        media.ports().first(),
                        media.ports().last()));
        for (int i = 0; i < config.sip().listen().size(); i++) {
            ListenAddress each = config.sip().listen().get(i);
            boolean udp = each.transport() == ListenAddress.Protocol.UDP;
            rules.take("sip.listen[" + i + "]", udp, each.at());
        }
        if (config.demo().agents()) {
            rules.demo("demo.assistant-port", config.demo().assistantPort(), true);
            rules.demo("demo.human-port", config.demo().humanPort(), true);
            rules.demo("demo.socket-port", config.demo().socketPort(), false);
        }
        rules.pages("web.listen", Optional.of(config.web().listen()));
        rules.pages("tokens.listen", config.tokens().listen());
        rules.pages("api.listen", config.api().listen());
        rules.pages("console.listen", config.console().listen());
        rules.pages("receipts.listen", config.receipts().listen());
        rules.pages("node.listen", config.node().listen());
    }

    private void pages(String key, Optional<HostPort> listen) {
        listen.ifPresent(at -> take(key, false, at));
    }

    private void demo(String key, int port, boolean bySip) {
        var here = new HostPort(InetAddress.getLoopbackAddress(), port);
        if (!bySip || take(key, true, here)) {
            take(key, false, here);
        }
    }

    private boolean take(String key, boolean udp, HostPort at) {
        return take(new Port(key, udp, at.address(), at.port(), at.port()));
    }

    /** Whether nobody else has it. */
    private boolean take(Port port) {
        Optional<Port> other = taken.stream().filter(port::meets).findFirst();
        other.ifPresent(one ->
                complaints.about(
                        port.key(),
                        "is on a port that %s has (%s)".formatted(one.key(), one.shown()),
                        ""));
        taken.add(port);
        return other.isEmpty();
    }
}
