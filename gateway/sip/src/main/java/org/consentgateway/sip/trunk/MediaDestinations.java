package org.consentgateway.sip.trunk;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.consentgateway.media.rtp.SourceLock;
import org.consentgateway.sip.sdp.MediaPermission;

/**
 * Where media of a peer may go, by where its signalling comes from and the media networks that are
 * configured for it. Thread-safe.
 */
public final class MediaDestinations implements MediaPermission {
    /** Those below are the system's, and a flood of audio is none of their business. */
    private static final int FIRST_PORT = 1024;

    private final OwnAddresses own;
    private final InetAddress signalling;
    private final List<Cidr> networks;
    private final boolean believed;
    private final Set<InetAddress> sources;

    private MediaDestinations(
            OwnAddresses own, InetAddress signalling, List<Cidr> networks, boolean believed) {
        this.own = own;
        this.signalling = signalling;
        this.networks = networks;
        this.believed = believed;
        this.sources = new Networks(signalling, networks);
    }

    /** Of a caller. */
    public static MediaDestinations ofCaller(OwnAddresses own, InetAddress source, Trunk trunk) {
        return new MediaDestinations(own, source, trunk.mediaNetworks(), false);
    }

    /**
     * Of somebody whom we have called, where we were told to: its answer, which bears our tags, is
     * believed. One on this machine may even share our ports, as the demonstration's agents do.
     *
     * @param networks of the trunk it was called by; none: anywhere
     */
    public static MediaDestinations ofCalled(
            OwnAddresses own, InetAddress server, List<Cidr> networks) {
        return new MediaDestinations(own, server, networks, true);
    }

    @Override
    public Set<InetAddress> sources() {
        return sources;
    }

    @Override
    public Verdict to(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        if (address.getPort() < FIRST_PORT) {
            return new Verdict.Forbidden("media port below " + FIRST_PORT);
        }
        if (isNobodys(host)) {
            return new Verdict.Forbidden("media address of nobody in particular");
        }
        if (!own.reaches(host)) {
            return new Verdict.Forbidden("media address of a kind that we have no media at");
        }
        boolean fromHere = own.isHere(signalling);
        if (own.isHere(host) && !fromHere) {
            return new Verdict.Forbidden("media address of this machine");
        }
        if (!believed && own.isListening(address)) {
            return new Verdict.Forbidden("media port of our own");
        }
        boolean within = sources.contains(host);
        // One behind NAT is answered where its packets come from, which is within (RFC 4961).
        boolean behindNat = SourceLock.isPrivate(host) && !SourceLock.isPrivate(signalling);
        if (!within && !networks.isEmpty() && (fromHere || !behindNat)) {
            return new Verdict.Forbidden("media address outside of the trunk's media networks");
        }
        return new Verdict.Permitted(within || believed);
    }

    /** Broadcast, multicast, this network (RFC 1122 §3.2.1.3), reserved (RFC 1112 §4). */
    private boolean isNobodys(InetAddress host) {
        boolean reserved =
                host instanceof Inet4Address
                        && (host.getAddress()[0] == 0 || (host.getAddress()[0] & 0xF0) == 0xF0);
        return reserved || host.isMulticastAddress() || own.isBroadcast(host);
    }
}
