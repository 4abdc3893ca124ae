package org.consentgateway.sip.sdp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.srtp.SrtpKeys;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the other side's description: streams we can speak or write on, or a reason why
 * not. Immutable.
 */
public sealed interface Negotiation {

    /** One stream of a session. */
    sealed interface MediaStream {
        /** Which of the description's media lines it is. */
        int section();

        MediaPeer peer();

        /** The peer's key that was chosen; null for plain RTP. */
        @Nullable Crypto crypto();
    }

    record AudioStream(int section, MediaFormat format, MediaPeer peer, @Nullable Crypto crypto)
            implements MediaStream {
        /** The same in this format. */
        AudioStream of(MediaFormat other) {
            return new AudioStream(section, other, peer, crypto);
        }
    }

    record TextStream(int section, TextFormat format, MediaPeer peer, @Nullable Crypto crypto)
            implements MediaStream {}

    /**
     * At least one stream; all other media lines are refused.
     *
     * @param audio null where the description has none
     * @param text null where it has none, or none that we can use
     */
    record Agreed(@Nullable AudioStream audio, @Nullable TextStream text) implements Negotiation {

        /** With what they are protected by, now that both sides have named a key. */
        Agreed with(@Nullable SrtpKeys audioKeys, @Nullable SrtpKeys textKeys) {
            AudioStream heard = audio;
            TextStream read = text;
            if (heard != null && audioKeys != null) {
                MediaPeer secured = heard.peer().securedBy(audioKeys);
                heard = new AudioStream(heard.section(), heard.format(), secured, heard.crypto());
            }
            if (read != null && textKeys != null) {
                MediaPeer secured = read.peer().securedBy(textKeys);
                read = new TextStream(read.section(), read.format(), secured, read.crypto());
            }
            return new Agreed(heard, read);
        }
    }

    /**
     * @param warning code and text of RFC 3261 §20.43
     * @param lack what it is refused for
     */
    record Refused(int warning, String why, Lack lack) implements Negotiation {
        Refused(int warning, String why) {
            this(warning, why, Lack.MEDIA);
        }

        /** Whether somebody who looks after the trunk should know. */
        public boolean isTold() {
            return lack != Lack.MEDIA;
        }
    }

    /** What a description has not got. */
    enum Lack {
        /** A stream that we can speak or write on. */
        MEDIA,
        ENCRYPTION,
        /** An address to which media may be sent. */
        ADDRESS
    }

    /**
     * Text alone is agreed to where there is no audio on offer; audio that we do not know is
     * refused all the same, for the network to find us one that we do.
     *
     * @param description an offer, or the answer to an offer of ours
     * @param permission where media of this peer may go
     */
    static Negotiation of(SessionDescription description, MediaPermission permission, Srtp srtp) {
        return of(description, permission, srtp, false);
    }

    /**
     * The same.
     *
     * @param opus whether the leg can have it
     */
    static Negotiation of(
            SessionDescription description, MediaPermission permission, Srtp srtp, boolean opus) {
        List<Media> lines = description.media();
        AudioStream audio = null;
        TextStream text = null;
        Refused last = null;
        for (int section = 0; section < lines.size(); section++) {
            Media media = lines.get(section);
            boolean known = media.kind().equals("audio") || media.kind().equals("text");
            if (media.port() == 0 || !known) {
                continue;
            }
            Refused forbidden = forbidden(media, permission);
            if (forbidden != null) {
                return forbidden;
            }
            if (media.kind().equals("audio") && audio == null) {
                switch (audio(section, media, permission, srtp, opus)) {
                    case Agreed agreed -> audio = agreed.audio();
                    case Refused refused -> last = refused;
                }
            } else if (media.kind().equals("text") && text == null) {
                text = text(section, media, permission, srtp);
            }
        }
        if (audio == null && last != null) {
            return last;
        }
        return audio == null && text == null
                ? new Refused(304, "no audio and no text")
                : new Agreed(audio, text);
    }

    /** Null if it cannot be used. */
    private static @Nullable TextStream text(
            int section, Media media, MediaPermission permission, Srtp srtp) {
        TextFormat format = TextNegotiation.of(media);
        InetAddress connection = media.connection();
        if (format == null || connection == null || refused(media, srtp) != null) {
            return null;
        }
        return new TextStream(
                section, format, peer(media, connection, permission), crypto(media, srtp));
    }

    private static @Nullable Crypto crypto(Media media, Srtp srtp) {
        return srtp == Srtp.OFF || media.crypto().isEmpty() ? null : media.crypto().getFirst();
    }

    /** Why it cannot be had by this protocol; null if it can. */
    private static @Nullable Refused refused(Media media, Srtp srtp) {
        if (!media.protocol().equals(Media.PLAIN) && !media.secure()) {
            return new Refused(302, "only RTP/AVP and RTP/SAVP");
        }
        if (media.secure() && srtp == Srtp.OFF) {
            return new Refused(302, "no SRTP here: only RTP/AVP");
        }
        if (crypto(media, srtp) == null && (media.secure() || srtp == Srtp.REQUIRED)) {
            return new Refused(
                    399, "SRTP needs an a=crypto line with a suite of ours", Lack.ENCRYPTION);
        }
        return null;
    }

    /** Why nothing may be sent there; null if it may. */
    private static @Nullable Refused forbidden(Media media, MediaPermission permission) {
        InetAddress connection = media.connection();
        if (connection == null || connection.isAnyLocalAddress()) {
            return null;
        }
        InetSocketAddress rtp = new InetSocketAddress(connection, media.port());
        for (InetSocketAddress each : List.of(rtp, rtcp(media, rtp, permission))) {
            if (permission.to(each) instanceof MediaPermission.Verdict.Forbidden(String why)) {
                return new Refused(399, why, Lack.ADDRESS);
            }
        }
        return null;
    }

    private static MediaPeer peer(Media media, InetAddress connection, MediaPermission permission) {
        InetSocketAddress rtp = new InetSocketAddress(connection, media.port());
        MediaPeer peer =
                new MediaPeer(rtp, rtcp(media, rtp, permission), ours(media), permission.sources());
        return connection.isAnyLocalAddress() || isProven(rtp, permission) ? peer : peer.unproven();
    }

    private static boolean isProven(InetSocketAddress address, MediaPermission permission) {
        return permission.to(address) instanceof MediaPermission.Verdict.Permitted(boolean known)
                && known;
    }

    private static Negotiation audio(
            int section, Media media, MediaPermission permission, Srtp srtp, boolean opus) {
        Refused protocol = refused(media, srtp);
        if (protocol != null) {
            return protocol;
        }
        InetAddress connection = media.connection();
        if (connection == null) {
            return new Refused(399, "no c= line");
        }
        MediaFormat format = AudioNegotiation.of(media, opus);
        if (format == null) {
            return new Refused(305, "no common codec: " + named(Codec.all()));
        }
        MediaPeer peer = peer(media, connection, permission);
        return new Agreed(new AudioStream(section, format, peer, crypto(media, srtp)), null);
    }

    /**
     * The RTP port itself (RFC 5761), or what is told, or the port above. Another host than that of
     * the packets, which would be proven by nothing, has to be known as the peer's.
     */
    private static InetSocketAddress rtcp(
            Media media, InetSocketAddress rtp, MediaPermission permission) {
        InetSocketAddress told = media.rtcp();
        if (media.rtcpMux()) {
            return rtp;
        }
        return told != null
                        && (told.getAddress().equals(rtp.getAddress())
                                || isProven(told, permission))
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

    private static String named(List<Codec> codecs) {
        return codecs.stream().map(Codec::name).collect(Collectors.joining(" or "));
    }
}
