package org.consentgateway.sip;

import java.net.InetAddress;
import java.util.List;

/**
 * Immutable. A provider, SBC or PBX that sends us calls, told apart by its source addresses.
 *
 * @param sources networks its signalling comes from
 * @param mediaNetworks further networks its RTP may come from
 * @param assertsIdentity whether its P-Asserted-Identity is trusted (RFC 3325 §7)
 * @param sipInfoDtmf whether keys come by INFO
 */
public record Trunk(
        String name,
        List<Cidr> sources,
        List<Cidr> mediaNetworks,
        boolean assertsIdentity,
        Numbering numbering,
        boolean sipInfoDtmf) {
    public Trunk {
        sources = List.copyOf(sources);
        mediaNetworks = List.copyOf(mediaNetworks);
    }

    boolean sends(InetAddress source) {
        for (Cidr network : sources) {
            if (network.contains(source)) {
                return true;
            }
        }
        return false;
    }
}
