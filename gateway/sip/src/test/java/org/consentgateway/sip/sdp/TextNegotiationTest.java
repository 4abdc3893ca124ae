package org.consentgateway.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.TextFormat;
import org.consentgateway.media.codec.G711;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text in real time (RFC 4103) beside audio, alone, added, removed and refused. */
class TextNegotiationTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.10");
    private static final InetSocketAddress AUDIO = new InetSocketAddress(HERE, 20_000);
    private static final InetSocketAddress TEXT = new InetSocketAddress(HERE, 20_004);
    private static final LocalMedia BOTH = new LocalMedia(AUDIO, () -> TEXT);
    private static final String SPEECH = "m=audio 4000 RTP/AVP 8\r\n";
    private static final String WRITING =
            """
            m=text 4010 RTP/AVP 100 98\r
            a=rtpmap:98 t140/1000\r
            a=fmtp:98 cps=20\r
            a=rtpmap:100 red/1000\r
            a=fmtp:100 98/98/98/98\r
            """;
    private static final String KEY =
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80"
                    + " inline:PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR\r\n";

    private static SessionDescription parsed(String media) {
        String text = "v=0\r\no=- 7 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
        return switch (SdpParse.parse(text + media)) {
            case SdpParse.Ok(SessionDescription description) -> description;
            case SdpParse.Malformed(String why) -> throw new AssertionError(why);
        };
    }

    private static Negotiation.Agreed agreed(String media, Srtp srtp) {
        return (Negotiation.Agreed) Negotiation.of(parsed(media), new Everywhere(), srtp);
    }

    private static String answer(LocalMedia local, String offer, Srtp srtp) {
        var description = new LocalDescription(local, 1, srtp);
        return Objects.requireNonNull(description.answer(parsed(offer), agreed(offer, srtp))).sdp();
    }

    @Test
    void textIsAnsweredBesideAudioInItsOrderAndAlone() {
        String ours =
                """
                m=text 20004 RTP/AVP 100 98\r
                a=rtpmap:98 t140/1000\r
                a=rtpmap:100 red/1000\r
                a=fmtp:100 98/98/98\r
                a=sendrecv\r
                """;
        assertThat(answer(BOTH, SPEECH + WRITING, Srtp.OFF))
                .contains("m=audio 20000 RTP/AVP 8\r\n")
                .endsWith(ours);
        assertThat(answer(BOTH, WRITING + SPEECH, Srtp.OFF)).containsSubsequence(ours, "m=audio");
        assertThat(answer(BOTH, "m=audio 0 RTP/AVP 8\r\n" + WRITING, Srtp.OFF))
                .containsSubsequence("m=audio 0 RTP/AVP 8\r\n", ours);
        assertThat(answer(BOTH, WRITING, Srtp.OFF)).endsWith("t=0 0\r\n" + ours);
    }

    @Test
    void whatThePeerTakesIsRead() {
        Negotiation.TextStream text =
                Objects.requireNonNull(agreed(SPEECH + WRITING, Srtp.OFF).text());
        assertThat(text.format()).isEqualTo(new TextFormat(98, 100, 2, 20));
        assertThat(text.peer().rtp().getPort()).isEqualTo(4010);
        assertThat(
                        Objects.requireNonNull(
                                        agreed(
                                                        "m=text 4010 RTP/AVP 98\r\na=rtpmap:98"
                                                                + " T140/1000\r\n",
                                                        Srtp.OFF)
                                                .text())
                                .format())
                .isEqualTo(new TextFormat(98, -1, 0, 30));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "m=text 4010 RTP/AVP 98\r\n",
                "m=text 4010 RTP/AVP 98\r\na=rtpmap:98 t140/8000\r\n",
                "m=text 4010 RTP/AVP 100\r\na=rtpmap:100 red/1000\r\n",
                "m=text 4010 TCP/MSRP *\r\n",
                "m=text 4010 RTP/SAVP 98\r\na=rtpmap:98 t140/1000\r\n",
                "m=text 0 RTP/AVP 98\r\na=rtpmap:98 t140/1000\r\n",
            })
    void textThatCannotBeUsedIsRefusedInItsPlaceAndFailsNoCall(String unusable) {
        Negotiation.Agreed agreed = agreed(SPEECH + unusable, Srtp.OFF);
        assertThat(agreed.text()).isNull();
        assertThat(answer(BOTH, SPEECH + unusable, Srtp.OFF))
                .containsSubsequence("m=audio 20000 ", "m=text 0 ");
        assertThat(Negotiation.of(parsed(unusable), new Everywhere(), Srtp.OFF))
                .isInstanceOf(Negotiation.Refused.class);
    }

    @Test
    void audioThatWeDoNotKnowIsRefusedAlsoBesideText() {
        assertThat(
                        Negotiation.of(
                                parsed("m=audio 4000 RTP/AVP 18\r\n" + WRITING),
                                new Everywhere(),
                                Srtp.OFF))
                .isEqualTo(new Negotiation.Refused(305, "no common codec: PCMA or PCMU or G722"));
    }

    @Test
    void whereThereIsNoPortForTextAudioGoesOnAndTextAloneIsNotAnswered() {
        LocalMedia audioOnly = LocalMedia.ofAudio(AUDIO);
        assertThat(answer(audioOnly, SPEECH + WRITING, Srtp.OFF))
                .containsSubsequence("m=audio 20000 ", "m=text 0 ");
        assertThat(
                        new LocalDescription(audioOnly, 1, Srtp.OFF)
                                .answer(parsed(WRITING), agreed(WRITING, Srtp.OFF)))
                .isNull();
    }

    @Test
    void textHasKeysOfItsOwn() {
        String offer =
                (SPEECH + KEY + WRITING + KEY.replace("PS1u", "QS1u")).replace("/AVP", "/SAVP");
        var local = new LocalDescription(BOTH, 1, Srtp.REQUIRED);
        LocalDescription.Answer answer =
                Objects.requireNonNull(local.answer(parsed(offer), agreed(offer, Srtp.REQUIRED)));
        MediaPeer audio = Objects.requireNonNull(answer.agreed().audio()).peer();
        MediaPeer text = Objects.requireNonNull(answer.agreed().text()).peer();
        assertThat(Objects.requireNonNull(text.keys()).sending())
                .isNotEqualTo(Objects.requireNonNull(audio.keys()).sending());
        assertThat(answer.sdp()).contains("m=text 20004 RTP/SAVP 100 98");
        assertThat(agreed(SPEECH + KEY + WRITING, Srtp.REQUIRED).text()).as("plain").isNull();
    }

    @Test
    void whoIsCalledIsOfferedWhatThereIs() {
        var both = new LocalDescription(BOTH, 1, Srtp.OFF);
        assertThat(
                        both.offer(
                                new OfferedSound(List.of(G711.PCMA), OfferedSound.NO_OPUS),
                                MediaPeer.Direction.SENDRECV))
                .containsSubsequence("m=audio 20000 ", "m=text 20004 RTP/AVP 100 98");
        var text = new LocalDescription(new LocalMedia(null, () -> TEXT), 1, Srtp.OFF);
        assertThat(
                        text.offer(
                                new OfferedSound(List.of(G711.PCMA), OfferedSound.NO_OPUS),
                                MediaPeer.Direction.SENDRECV))
                .contains("t=0 0\r\nm=text 20004 RTP/AVP 100 98")
                .doesNotContain("m=audio");
        assertThat(text.answered(parsed(SPEECH), agreed(SPEECH, Srtp.OFF)))
                .as("audio was not offered")
                .isNull();
    }

    @Test
    void whoHasTextAloneTakesNoAudioThatIsOffered() {
        var text = new LocalDescription(new LocalMedia(null, () -> TEXT), 1, Srtp.OFF);
        LocalDescription.Answer answer =
                Objects.requireNonNull(
                        text.answer(parsed(SPEECH + WRITING), agreed(SPEECH + WRITING, Srtp.OFF)));
        assertThat(answer.sdp()).containsSubsequence("m=audio 0 ", "m=text 20004 ");
        assertThat(answer.agreed().audio()).isNull();
        assertThat(text.answer(parsed(SPEECH), agreed(SPEECH, Srtp.OFF))).isNull();
    }

    @Test
    void textIsAddedAndRemovedWithinASession() {
        var local = new LocalDescription(BOTH, 1, Srtp.OFF);
        String[] offers = {SPEECH, SPEECH + WRITING, SPEECH + "m=text 0 RTP/AVP 98\r\n"};
        String[] texts = {"", "m=text 20004 ", "m=text 0 "};
        for (int i = 0; i < offers.length; i++) {
            LocalDescription.Answer answer =
                    Objects.requireNonNull(
                            local.answer(parsed(offers[i]), agreed(offers[i], Srtp.OFF)));
            assertThat(answer.sdp()).contains("m=audio 20000 ", texts[i], "o=- 1 " + (i + 1) + " ");
            assertThat(answer.agreed().text() != null).isEqualTo(i == 1);
            assertThat(local.offerAgain(answer.agreed())).isEqualTo(answer.sdp());
        }
    }
}
