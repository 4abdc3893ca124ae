package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.auth.RequiredLogin;
import org.consentgateway.sip.sdp.Srtp;

/**
 * A provider, SBC or PBX that sends us calls, told apart by its source addresses. Immutable.
 *
 * @param sources networks its signalling comes from
 * @param mediaNetworks further networks its RTP may come from and go to; none: it may go anywhere,
 *     to wherever it has come from
 * @param identity what of its word on who calls is believed
 * @param sipInfoDtmf whether keys come by INFO
 * @param srtp whether its media is encrypted
 * @param login what it has to show with every call; none: its addresses are enough
 */
public record Trunk(
        String name,
        List<Cidr> sources,
        List<Cidr> mediaNetworks,
        IdentityTrust identity,
        Numbering numbering,
        boolean sipInfoDtmf,
        Srtp srtp,
        Optional<RequiredLogin> login) {
    public Trunk {
        sources = List.copyOf(sources);
        mediaNetworks = List.copyOf(mediaNetworks);
    }

    /** A trunk whose addresses are enough, in plain RTP, and that is not believed who calls. */
    public static Trunk trustedWithNothing(
            String name, List<Cidr> sources, List<Cidr> mediaNetworks, Numbering numbering) {
        return new Trunk(
                name,
                sources,
                mediaNetworks,
                IdentityTrust.NONE,
                numbering,
                false,
                Srtp.OFF,
                Optional.empty());
    }

    public boolean sends(InetAddress source) {
        for (Cidr network : sources) {
            if (network.contains(source)) {
                return true;
            }
        }
        return false;
    }
}
