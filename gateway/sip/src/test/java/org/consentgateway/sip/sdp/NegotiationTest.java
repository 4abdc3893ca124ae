package org.consentgateway.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.codec.G722;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NegotiationTest {
    private static final InetSocketAddress LOCAL =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 20000);

    private static String sdp(String... lines) {
        return "v=0\r\no=- 7 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                + String.join("\r\n", lines)
                + "\r\n";
    }

    private static SessionDescription parsed(String text) {
        return switch (SdpParse.parse(text)) {
            case SdpParse.Ok(SessionDescription description) -> description;
            case SdpParse.Malformed(String why) -> throw new AssertionError(why);
        };
    }

    private static Negotiation negotiate(String text) {
        return Negotiation.of(parsed(text), new Everywhere(), Srtp.OFF);
    }

    private static Negotiation.AudioStream agreed(String text) {
        return Objects.requireNonNull(((Negotiation.Agreed) negotiate(text)).audio());
    }

    private static String answer(LocalDescription local, String offer) {
        Negotiation.Agreed agreed = (Negotiation.Agreed) negotiate(offer);
        return Objects.requireNonNull(local.answer(parsed(offer), agreed)).sdp();
    }

    private static String offerAgain(LocalDescription local, String offer) {
        return local.offerAgain((Negotiation.Agreed) negotiate(offer));
    }

    private static LocalDescription described(InetSocketAddress audio, long id) {
        return new LocalDescription(LocalMedia.ofAudio(audio), id, Srtp.OFF);
    }

    private static String malformed(String text) {
        return ((SdpParse.Malformed) SdpParse.parse(text)).why();
    }

    @Test
    void theOfferersFirstCodecThatWeHaveIsTaken() {
        assertThat(agreed(sdp("m=audio 4000 RTP/AVP 18 0 8")).format())
                .isEqualTo(new MediaFormat(G711.PCMU, 0, -1));
        assertThat(agreed(sdp("m=audio 4000 RTP/AVP 9 8")).format())
                .isEqualTo(new MediaFormat(G722.WIDEBAND, 9, -1));
    }

    /**
     * RFC 3551 §4.5.2: G.722 has an RTP clock of 8 kHz, and is offered where the other leg has it.
     */
    @Test
    void widebandIsOfferedWhereTheOtherLegHasIt() {
        assertThat(OfferedSound.of(G711.PCMU, false).codecs())
                .containsExactly(G711.PCMU, G711.PCMA);
        assertThat(OfferedSound.of(G722.WIDEBAND, false).codecs())
                .containsExactly(G722.WIDEBAND, G711.PCMA, G711.PCMU);
        assertThat(agreed(sdp("m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 G722/8000")).format())
                .isEqualTo(new MediaFormat(G722.WIDEBAND, 96, -1));
    }

    @Test
    void staticTypesNeedNoRtpmapAndDynamicOnesMayBePcma() {
        assertThat(
                        agreed(
                                        sdp(
                                                "m=audio 4000 RTP/AVP 97 100",
                                                "a=rtpmap:97 pcma/8000/1",
                                                "a=rtpmap:100 telephone-event/8000"))
                                .format())
                .isEqualTo(new MediaFormat(G711.PCMA, 97, 100));
    }

    @Test
    void aStaticTypeRemappedToSomethingElseIsNotOurs() {
        assertThat(negotiate(sdp("m=audio 4000 RTP/AVP 8", "a=rtpmap:8 L16/44100/2")))
                .isInstanceOf(Negotiation.Refused.class);
    }

    @Test
    void eventsAtAnotherClockAreNotTaken() {
        assertThat(
                        agreed(
                                        sdp(
                                                "m=audio 4000 RTP/AVP 8 96 101",
                                                "a=rtpmap:96 telephone-event/48000",
                                                "a=rtpmap:101 telephone-event/8000"))
                                .format()
                                .eventPayloadType())
                .isEqualTo(101);
    }

    @Test
    void theMediaLevelAddressAndRtcpAttributeCount() {
        Negotiation.AudioStream agreed =
                agreed(
                        sdp(
                                "m=audio 4000 RTP/AVP 8",
                                "c=IN IP4 192.0.2.5",
                                "a=rtcp:5001 IN IP4 192.0.2.6"));
        assertThat(agreed.peer().rtp())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.5"), 4000));
        assertThat(agreed.peer().rtcp())
                .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.6"), 5001));
        assertThat(agreed(sdp("m=audio 4000 RTP/AVP 8")).peer().rtcp().getPort()).isEqualTo(4001);
    }

    @Test
    void ipv6IsSpoken() {
        String offer =
                sdp("m=audio 4000 RTP/AVP 8").replace("IN IP4 192.0.2.1", "IN IP6 2001:db8::1");
        Negotiation.AudioStream agreed = agreed(offer);
        assertThat(agreed.peer().rtp().getAddress())
                .isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
        LocalDescription local =
                described(new InetSocketAddress(InetAddress.ofLiteral("2001:db8::2"), 20000), 1);
        assertThat(answer(local, offer)).contains("c=IN IP6 2001:db8:0:0:0:0:0:2");
    }

    @Test
    void directionsAreMirrored() {
        assertThat(agreed(sdp("m=audio 4 RTP/AVP 8", "a=sendonly")).peer().direction())
                .isEqualTo(MediaPeer.Direction.RECVONLY);
        assertThat(agreed(sdp("m=audio 4 RTP/AVP 8", "a=recvonly")).peer().direction())
                .isEqualTo(MediaPeer.Direction.SENDONLY);
        assertThat(agreed(sdp("a=inactive", "m=audio 4 RTP/AVP 8")).peer().direction())
                .isEqualTo(MediaPeer.Direction.INACTIVE);
        assertThat(
                        agreed(sdp("a=inactive", "m=audio 4 RTP/AVP 8", "a=sendrecv"))
                                .peer()
                                .direction())
                .isEqualTo(MediaPeer.Direction.SENDRECV);
    }

    @Test
    void rtcpComesOnTheRtpPortWhereThatIsOffered() {
        String offer = sdp("m=audio 4000 RTP/AVP 8", "a=rtcp:4009", "a=rtcp-mux");
        Negotiation.AudioStream agreed = agreed(offer);
        assertThat(agreed.peer().rtcp()).isEqualTo(agreed.peer().rtp());
        LocalDescription local = described(LOCAL, 1);
        assertThat(answer(local, offer)).contains("a=rtcp-mux\r\n");
        assertThat(offerAgain(local, offer)).contains("a=rtcp-mux\r\n");

        String without = sdp("m=audio 4000 RTP/AVP 8", "a=rtcp:4009");
        assertThat(agreed(without).peer().rtcp().getPort()).isEqualTo(4009);
        assertThat(answer(local, without)).doesNotContain("rtcp-mux");
    }

    @Test
    void everyOtherMediaLineIsRefusedInItsPlace() {
        String offer =
                sdp(
                        "m=video 5000 RTP/AVP 96",
                        "m=audio 4000 RTP/SAVP 8",
                        "m=audio 4000 RTP/AVP 8",
                        "m=audio 6000 RTP/AVP 0");
        Negotiation.AudioStream agreed = agreed(offer);
        assertThat(agreed.section()).isEqualTo(2);
        LocalDescription local = described(LOCAL, 1);
        String expected =
                """
                m=video 0 RTP/AVP 96\r
                m=audio 0 RTP/SAVP 8\r
                m=audio 20000 RTP/AVP 8\r
                a=rtpmap:8 PCMA/8000\r
                a=ptime:20\r
                a=sendrecv\r
                m=audio 0 RTP/AVP 0\r
                """;
        assertThat(answer(local, offer)).endsWith(expected);
        assertThat(offerAgain(local, offer)).endsWith(expected);
    }

    @Test
    void encryptedMediaAndEndedStreamsAreRefusedWithTheRightWarning() {
        assertThat(negotiate(sdp("m=audio 4000 RTP/SAVP 8")))
                .isEqualTo(new Negotiation.Refused(302, "no SRTP here: only RTP/AVP"));
        assertThat(negotiate(sdp("m=audio 4000 UDP/TLS/RTP/SAVP 8")))
                .isEqualTo(new Negotiation.Refused(302, "only RTP/AVP and RTP/SAVP"));
        assertThat(negotiate(sdp("m=audio 0 RTP/AVP 8")))
                .isEqualTo(new Negotiation.Refused(304, "no audio and no text"));
        assertThat(negotiate(sdp("m=audio 4000 RTP/AVP 18")))
                .isEqualTo(new Negotiation.Refused(305, "no common codec: PCMA or PCMU or G722"));
        assertThat(negotiate(sdp()))
                .isEqualTo(new Negotiation.Refused(304, "no audio and no text"));
    }

    @Test
    void ourOfferNamesThePreferredCodecFirst() {
        LocalDescription local = described(LOCAL, 5);
        assertThat(local.offer(OfferedSound.of(G711.PCMU, false), MediaPeer.Direction.SENDRECV))
                .isEqualTo(
                        """
                        v=0\r
                        o=- 5 5 IN IP4 192.0.2.10\r
                        s=-\r
                        c=IN IP4 192.0.2.10\r
                        t=0 0\r
                        m=audio 20000 RTP/AVP 0 8 101\r
                        a=rtpmap:0 PCMU/8000\r
                        a=rtpmap:8 PCMA/8000\r
                        a=rtpmap:101 telephone-event/8000\r
                        a=fmtp:101 0-15\r
                        a=ptime:20\r
                        a=sendrecv\r
                        """);
    }

    @Test
    void malformedDescriptionsSayWhatIsWrongWithoutQuotingIt() {
        assertThat(malformed("")).contains("no v=");
        assertThat(malformed("hello")).contains("without '='");
        assertThat(malformed(sdp("m=audio x RTP/AVP 8"))).contains("no port");
        assertThat(malformed(sdp("m=audio 70000 RTP/AVP 8"))).contains("no port");
        assertThat(malformed(sdp("m=audio 4000"))).contains("four fields");
        assertThat(malformed(sdp("c=IN IP4 media.example.com"))).contains("c=");
        assertThat(malformed(sdp("c=IN IP4 192.0.2.256"))).contains("c=");
        assertThat(malformed(sdp("c=IN IP4 192.0.2"))).contains("c=");
        assertThat(malformed(sdp("c=IN IP6 192.0.2.1"))).contains("c=");
        assertThat(malformed(sdp("c=IN IP4 224.2.36.42"))).contains("c=");
        assertThat(malformed(sdp("m=audio 4000 RTP/AVP 8", "a=rtcp:0"))).contains("a=rtcp");
        assertThat(malformed("v=1\r\no=- 7 7 IN IP4 192.0.2.1\r\n")).contains("v=");
    }

    /** A refused medium is mirrored: what ends our line in one is read as a line too short. */
    @Test
    void aMediumWithAControlCharacterIsMalformed() {
        for (String control : List.of("\u0000", "\t", "\u001d", "\u007f", "\u0085")) {
            assertThat(malformed(sdp("m=audio 4000 RTP/AVP " + control + " 8"))).contains("m= has");
        }
    }

    @Test
    void limitsHold() {
        assertThat(malformed(sdp("a=x\r\n".repeat(SdpParse.MAX_LINES)))).contains("lines");
        assertThat(malformed(sdp("m=audio 4 RTP/AVP 8\r\n".repeat(SdpParse.MAX_MEDIA + 1))))
                .contains("m= lines");
        assertThat(malformed(sdp("m=audio 4 RTP/AVP" + " 8".repeat(SdpParse.MAX_FORMATS + 1))))
                .contains("formats");
    }

    @Test
    void anyPrefixOfADescriptionIsAValueNeverAnException() {
        String text =
                sdp(
                        "m=audio 4000/2 RTP/AVP 8 101",
                        "c=IN IP4 192.0.2.5/127",
                        "a=rtpmap:101 telephone-event/8000",
                        "a=rtcp:4001 IN IP4 192.0.2.6",
                        "a=sendonly");
        for (int end = 0; end <= text.length(); end++) {
            SdpParse parse = SdpParse.parse(text.substring(0, end));
            if (parse instanceof SdpParse.Ok(SessionDescription description)) {
                assertThat(Negotiation.of(description, new Everywhere(), Srtp.OFF)).isNotNull();
            }
        }
    }

    private static MediaFormat format(Negotiation.@Nullable Agreed agreed) {
        return Objects.requireNonNull(Objects.requireNonNull(agreed).audio()).format();
    }

    /** RFC 3264 §5.1: what comes to us bears the number of our offer, what we send the answer's. */
    @Test
    void eventsAreHeardByTheNumberOfOurOfferAndSentByThatOfTheAnswer() {
        LocalDescription local = described(LOCAL, 1);
        String answer = sdp("m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000");
        var agreed = (Negotiation.Agreed) negotiate(answer);
        var _ = local.offer(OfferedSound.of(G711.PCMA, false), MediaPeer.Direction.SENDRECV);

        MediaFormat format = format(local.answered(parsed(answer), agreed));

        assertThat(format.eventPayloadType()).isEqualTo(96);
        assertThat(List.of(8, 96, 101, 110)).filteredOn(format::isEvent).containsExactly(96, 101);
        LocalDescription.Answer again =
                Objects.requireNonNull(local.answer(parsed(answer), agreed));
        assertThat(format(again.agreed())).as("an offer of theirs").isEqualTo(format);
    }

    @Test
    void whoOffersIsHeardByItsOwnNumberAloneAndNothingElseIsAnEvent() {
        String theirs = sdp("m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000");
        String another =
                sdp(
                        "m=audio 4000 RTP/AVP 101 96",
                        "a=rtpmap:101 PCMA/8000",
                        "a=rtpmap:96 telephone-event/8000");
        LocalDescription local = described(LOCAL, 1);
        var agreed = (Negotiation.Agreed) negotiate(theirs);
        LocalDescription.Answer answer =
                Objects.requireNonNull(local.answer(parsed(theirs), agreed));
        assertThat(format(answer.agreed()).isEvent(101)).isFalse();

        var _ = local.offer(OfferedSound.of(G711.PCMA, false), MediaPeer.Direction.SENDRECV);
        agreed = (Negotiation.Agreed) negotiate(another);
        assertThat(format(local.answered(parsed(another), agreed)).isEvent(101)).isFalse();
    }
}
