package org.consentgateway.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.OpusTerms;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.junit.jupiter.api.Test;

/** RFC 7587 §7: how Opus is offered, and what an answer or another offer makes of it. */
class OpusNegotiationTest {
    private static final int UNSAID = 510_000;

    private final LocalDescription local =
            new LocalDescription(
                    LocalMedia.ofAudio(new InetSocketAddress("192.0.2.10", 20000)), 5, Srtp.OFF);

    private String offered(Codec preferred) {
        return local.offer(OfferedSound.of(preferred, true), MediaPeer.Direction.SENDRECV);
    }

    private static SessionDescription parsed(String media) {
        String text =
                "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n" + media;
        return ((SdpParse.Ok) SdpParse.parse(text)).description();
    }

    private static MediaFormat format(String media, boolean opus) {
        return switch (Negotiation.of(parsed(media), new Everywhere(), Srtp.OFF, opus)) {
            case Negotiation.Agreed agreed -> Objects.requireNonNull(agreed.audio()).format();
            case Negotiation.Refused refused -> throw new AssertionError(refused.why());
        };
    }

    /** Where the upper band would be lost by G.711 it comes before it, never before a relay. */
    @Test
    void itIsOfferedBehindWhatCanBeRelayedAsItIs() {
        assertThat(offered(G722.WIDEBAND)).contains("m=audio 20000 RTP/AVP 9 111 8 0 110 101\r\n");
        assertThat(offered(G711.PCMU)).contains("m=audio 20000 RTP/AVP 0 8 111 110 101\r\n");
        assertThat(local.offer(OfferedSound.of(G722.WIDEBAND, false), MediaPeer.Direction.SENDRECV))
                .contains("m=audio 20000 RTP/AVP 9 8 0 101\r\n")
                .doesNotContain("opus")
                .doesNotContain("48000");
    }

    @Test
    void theOfferSaysWhatRfc7587WantsWithEventsByBothClocks() {
        assertThat(offered(G722.WIDEBAND))
                .contains(
                        """
                        a=rtpmap:9 G722/8000\r
                        a=rtpmap:111 opus/48000/2\r
                        a=fmtp:111 maxplaybackrate=16000;sprop-maxcapturerate=16000;stereo=0;\
                        sprop-stereo=0;usedtx=0;useinbandfec=0\r
                        a=rtpmap:8 PCMA/8000\r
                        a=rtpmap:0 PCMU/8000\r
                        a=rtpmap:110 telephone-event/48000\r
                        a=fmtp:110 0-15\r
                        a=rtpmap:101 telephone-event/8000\r
                        a=fmtp:101 0-15\r
                        a=ptime:20\r
                        """);
    }

    @Test
    void anAnswerMayNumberItAnewAndLimitItsBitRate() {
        MediaFormat format =
                format(
                        """
                        m=audio 4000 RTP/AVP 96 97\r
                        a=rtpmap:96 opus/48000/2\r
                        a=fmtp:96 useinbandfec=1; maxaveragebitrate=16000; usedtx=1\r
                        a=rtpmap:97 telephone-event/48000\r
                        """,
                        true);

        assertThat(format)
                .isEqualTo(MediaFormat.ofOpus(96, 97, new OpusTerms(111, 48_000, 16_000)));
        assertThat(format.codec().isWideband()).isTrue();
    }

    @Test
    void eventsByTheClockOfG711AreTakenWhereThereAreNoOthers() {
        assertThat(
                        format(
                                """
                                m=audio 4000 RTP/AVP 111 101\r
                                a=rtpmap:111 OPUS/48000/2\r
                                a=rtpmap:101 telephone-event/8000\r
                                """,
                                true))
                .isEqualTo(MediaFormat.ofOpus(111, 101, new OpusTerms(111, 8_000, UNSAID)));
    }

    @Test
    void whatIsNamedFirstIsSpokenWithTheEventsOfItsClock() {
        assertThat(
                        format(
                                """
                                m=audio 4000 RTP/AVP 8 111 110 101\r
                                a=rtpmap:111 opus/48000/2\r
                                a=rtpmap:110 telephone-event/48000\r
                                a=rtpmap:101 telephone-event/8000\r
                                """,
                                true))
                .isEqualTo(new MediaFormat(G711.PCMA, 8, 101));
    }

    @Test
    void whoWasNotOfferedItDoesNotGetIt() {
        String both = "m=audio 4000 RTP/AVP 111 0\r\na=rtpmap:111 opus/48000/2\r\n";
        String alone = "m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n";

        assertThat(format(both, false)).isEqualTo(new MediaFormat(G711.PCMU, 0, -1));
        assertThat(Negotiation.of(parsed(alone), new Everywhere(), Srtp.OFF))
                .isEqualTo(new Negotiation.Refused(305, "no common codec: PCMA or PCMU or G722"));
    }

    /** RFC 7587 §7: "opus/48000/2", whatever else is in it. */
    @Test
    void whatIsWrittenOtherwiseIsNotIt() {
        for (String other : new String[] {"opus/48000", "opus/48000/1", "opus/16000/2"}) {
            assertThat(
                            Negotiation.of(
                                    parsed(
                                            "m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 "
                                                    + (other + "\r\n")),
                                    new Everywhere(),
                                    Srtp.OFF,
                                    true))
                    .as(other)
                    .isInstanceOf(Negotiation.Refused.class);
        }
    }

    @Test
    void anOfferOfThePeersIsAnsweredByItsNumbers() {
        SessionDescription offer =
                parsed(
                        """
                        m=audio 4000 RTP/AVP 100 102 8\r
                        a=rtpmap:100 opus/48000/2\r
                        a=rtpmap:102 telephone-event/48000\r
                        """);
        offered(G722.WIDEBAND);
        var agreed = (Negotiation.Agreed) Negotiation.of(offer, new Everywhere(), Srtp.OFF, true);

        LocalDescription.Answer answer = Objects.requireNonNull(local.answer(offer, agreed));

        assertThat(answer.sdp())
                .contains("m=audio 20000 RTP/AVP 100 102\r\na=rtpmap:100 opus/48000/2\r\n")
                .contains("a=rtpmap:102 telephone-event/48000\r\n");
        assertThat(local.offerAgain(answer.agreed())).contains("RTP/AVP 100 102\r\n");
    }
}
