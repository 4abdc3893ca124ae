package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.srtp.SrtpKeys;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the other side's description: an audio stream we can speak on, or a reason why not.
 * Immutable.
 */
public sealed interface Negotiation {

    /**
     * @param section which of the description's media lines carries the audio; the others are
     *     refused
     * @param crypto the peer's key that was chosen; null for plain RTP
     */
    record Agreed(int section, MediaFormat format, MediaPeer peer, @Nullable Crypto crypto)
            implements Negotiation {

        /** With what it is protected by, now that both sides have named a key. */
        Agreed with(@Nullable SrtpKeys keys) {
            return keys == null ? this : new Agreed(section, format, peer.securedBy(keys), crypto);
        }
    }

    /**
     * @param warning code and text of RFC 3261 §20.43
     * @param unprotected whether it is for want of encryption
     */
    record Refused(int warning, String why, boolean unprotected) implements Negotiation {
        Refused(int warning, String why) {
            this(warning, why, false);
        }
    }

    String TELEPHONE_EVENT = "TELEPHONE-EVENT";

    /**
     * @param description an offer, or the answer to an offer of ours
     * @param otherSources further addresses this peer's media may come from
     */
    static Negotiation of(
            SessionDescription description, Set<InetAddress> otherSources, Srtp srtp) {
        Refused last = new Refused(304, "no audio");
        for (int section = 0; section < description.media().size(); section++) {
            switch (with(section, description.media().get(section), otherSources, srtp)) {
                case Agreed agreed -> {
                    return agreed;
                }
                case Refused refused -> {
                    if (description.media().get(section).kind().equals("audio")) {
                        last = refused;
                    }
                }
            }
        }
        return last;
    }

    private static Negotiation with(
            int section, Media media, Set<InetAddress> otherSources, Srtp srtp) {
        if (!media.kind().equals("audio") || media.port() == 0) {
            return new Refused(304, "no audio");
        }
        if (!media.protocol().equals(Media.PLAIN) && !media.secure()) {
            return new Refused(302, "only RTP/AVP and RTP/SAVP");
        }
        if (media.secure() && srtp == Srtp.OFF) {
            return new Refused(302, "no SRTP here: only RTP/AVP");
        }
        Crypto crypto =
                srtp == Srtp.OFF || media.crypto().isEmpty() ? null : media.crypto().getFirst();
        if (crypto == null && (media.secure() || srtp == Srtp.REQUIRED)) {
            return new Refused(399, "SRTP needs an a=crypto line with a suite of ours", true);
        }
        InetAddress connection = media.connection();
        if (connection == null) {
            return new Refused(399, "no c= line");
        }
        PayloadFormat speech = null;
        Codec codec = null;
        int events = -1;
        for (PayloadFormat payload : media.payloads()) {
            Codec known = codec(payload);
            if (codec == null && known != null) {
                speech = payload;
                codec = known;
            }
            if (events < 0
                    && payload.name().equals(TELEPHONE_EVENT)
                    && payload.clockRate() == 8000) {
                events = payload.payloadType();
            }
        }
        if (codec == null || speech == null) {
            return new Refused(305, "no common codec: " + named(Codec.all()));
        }
        InetSocketAddress rtp = new InetSocketAddress(connection, media.port());
        MediaPeer peer = new MediaPeer(rtp, rtcp(media, rtp), ours(media), otherSources);
        MediaFormat format = new MediaFormat(codec, speech.payloadType(), events);
        return new Agreed(section, format, peer, crypto);
    }

    /** The RTP port itself (RFC 5761), or what is told, or the port above. */
    private static InetSocketAddress rtcp(Media media, InetSocketAddress rtp) {
        InetSocketAddress told = media.rtcp();
        if (media.rtcpMux()) {
            return rtp;
        }
        return told != null
                ? told
                : new InetSocketAddress(rtp.getAddress(), Math.min(rtp.getPort() + 1, 65535));
    }

    /** What the stream is for us, seen from the peer's attribute (RFC 3264 §6.1 and §8.4). */
    private static MediaPeer.Direction ours(Media media) {
        MediaPeer.Direction mirrored =
                switch (media.direction()) {
                    case SENDRECV -> MediaPeer.Direction.SENDRECV;
                    case SENDONLY -> MediaPeer.Direction.RECVONLY;
                    case RECVONLY -> MediaPeer.Direction.SENDONLY;
                    case INACTIVE -> MediaPeer.Direction.INACTIVE;
                };
        if (!media.holdsByNullAddress()) {
            return mirrored;
        }
        return mirrored.weReceive() ? MediaPeer.Direction.RECVONLY : MediaPeer.Direction.INACTIVE;
    }

    private static @Nullable Codec codec(PayloadFormat payload) {
        if (payload.clockRate() != Codec.CLOCK_RATE || payload.channels() != 1) {
            return null;
        }
        return Codec.named(payload.name());
    }

    private static String named(List<Codec> codecs) {
        return codecs.stream().map(Codec::name).collect(Collectors.joining(" or "));
    }

    /** Our offer's codecs, the preferred one first. */
    static List<Codec> order(Codec preferred) {
        return Stream.concat(Stream.of(preferred), Codec.all().stream()).distinct().toList();
    }
}
