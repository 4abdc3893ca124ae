package org.consentgateway.bench.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.wire.Capture;

/**
 * Immutable. What has to hold of all packets that leave the gateway, to whomever: what peers
 * themselves heard says nothing of those to nobody.
 */
record WireLaws(ChaosGateway.Ports gateway, Words words) {
    private static final int HEADER = 12;

    /**
     * @param humans ports of people, who hear whoever did not agree
     * @return what is broken, in words; empty where nothing is
     */
    List<String> of(List<Capture.Packet> packets, Set<Integer> humans) {
        Map<Integer, Integer> before = new TreeMap<>();
        for (Capture.Packet packet : packets) {
            if (isOurs(packet.fromPort())
                    && !humans.contains(packet.toPort())
                    && isBefore(packet.octets())) {
                before.merge(packet.toPort(), 1, Integer::sum);
            }
        }
        List<String> broken = new ArrayList<>();
        before.forEach((port, count) ->
                broken.add(
                        "on the wire, %d packets of a caller before any yes went to port %d"
                                .formatted(count, port)));
        return broken;
    }

    private boolean isOurs(int port) {
        return port >= gateway.media() && port < gateway.media() + ChaosGateway.MEDIA_PORTS;
    }

    private boolean isBefore(byte[] rtp) {
        int type = rtp[1] & 0x7F;
        if ((type != Law.A.payloadType && type != Law.MU.payloadType) || rtp.length <= HEADER) {
            return false;
        }
        Law law = type == Law.A.payloadType ? Law.A : Law.MU;
        byte[] audio = Arrays.copyOfRange(rtp, HEADER, rtp.length);
        return Sounds.BEFORE.isIn(audio, law) || words.isIn(audio, law);
    }
}
