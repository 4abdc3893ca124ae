package org.consentgateway.sip.trunk;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.consentgateway.sip.auth.RequiredLogin;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.sdp.Srtp;

/**
 * A provider, SBC or PBX that sends us calls, told apart by its source addresses. Immutable.
 *
 * @param sources networks its signalling comes from
 * @param transports by which it comes; a forged datagram is not of one that comes by others
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
        Set<Transport> transports,
        List<Cidr> mediaNetworks,
        IdentityTrust identity,
        Numbering numbering,
        boolean sipInfoDtmf,
        Srtp srtp,
        Optional<RequiredLogin> login) {
    public static final Set<Transport> EVERY_TRANSPORT = Set.of(Transport.values());

    public Trunk {
        sources = List.copyOf(sources);
        transports = Set.copyOf(transports);
        mediaNetworks = List.copyOf(mediaNetworks);
    }

    /** A trunk whose addresses are enough, in plain RTP, and that is not believed who calls. */
    public static Trunk trustedWithNothing(
            String name, List<Cidr> sources, List<Cidr> mediaNetworks, Numbering numbering) {
        return new Trunk(
                name,
                sources,
                EVERY_TRANSPORT,
                mediaNetworks,
                IdentityTrust.NONE,
                numbering,
                false,
                Srtp.OFF,
                Optional.empty());
    }

    /** Whether new calls and other requests of it may come by this transport. */
    public boolean comesBy(Transport transport) {
        return transports.contains(transport);
    }

    /**
     * The same.
     *
     * @param protocol as in a Via: UDP, TCP or TLS
     */
    public boolean comesBy(String protocol) {
        return comesBy(Transport.valueOf(protocol));
    }

    public boolean sends(InetAddress source) {
        return prefixAround(source) >= 0;
    }

    /** Leading bits that count of the narrowest of its networks around this address; -1: none. */
    int prefixAround(InetAddress source) {
        int most = -1;
        for (Cidr network : sources) {
            if (network.prefix() > most && network.contains(source)) {
                most = network.prefix();
            }
        }
        return most;
    }
}
