package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys in SDP, from dialog to dialog. */
@Timeout(60)
class SrtpCallTest {
    private static final String KEY = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    private static final String SECURE =
            SipDialog.OFFER.replace("RTP/AVP", "RTP/SAVP")
                    + "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
                    + KEY
                    + "\r\n";

    private static SipEndpoint endpoint(Srtp srtp, CallHandler inbound) throws IOException {
        Trunk plain = Bench.settings(Duration.ofSeconds(90), "127.0.0.1/32").trunks().getFirst();
        Trunk trunk =
                new Trunk(
                        plain.name(),
                        plain.sources(),
                        plain.transports(),
                        plain.mediaNetworks(),
                        plain.identity(),
                        plain.numbering(),
                        plain.sipInfoDtmf(),
                        srtp,
                        Optional.empty());
        return SipEndpoint.start(
                Bench.settings(List.of(trunk), List.of()), inbound, System::nanoTime);
    }

    private static Switchboard answering(Heard heard) {
        Switchboard gateway = new Switchboard();
        gateway.answerAll(heard);
        return gateway;
    }

    private static SipPeer peer(SipEndpoint endpoint) throws IOException {
        return SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
    }

    @Test
    void aTrunkThatRequiresSrtpTakesNoPlainCallAndCountsIt() throws Exception {
        Heard heard = new Heard();
        try (SipEndpoint endpoint = endpoint(Srtp.REQUIRED, answering(heard));
                SipPeer peer = peer(endpoint)) {
            peer.send(new SipDialog(peer).invite(SipDialog.OFFER));
            assertThat(peer.expect(488).header("Warning")).contains("a=crypto");
            Bench.rejects(endpoint, Rejection.NO_SRTP, 1);

            SipDialog phone = new SipDialog(peer);
            peer.send(phone.invite(SECURE));
            SipMessage ok = phone.expect(200);
            assertThat(ok.body()).contains("m=audio 30000 RTP/SAVP 8 101", "a=crypto:1 AES_CM");
            phone.toTag = ok.toTag();
            peer.send(phone.ack(""));
            assertThat(heard.next()).startsWith("media PCMA");

            peer.send(phone.next("INVITE", "application/sdp", SipDialog.OFFER));
            phone.expect(488);
            Bench.rejects(endpoint, Rejection.NO_SRTP, 2);
            assertThat(heard.nothingMore(100)).as("the session is as it was").isTrue();
        }
    }

    @Test
    void aTrunkWithoutSrtpRefusesItAndAnOptionalOneTakesEither() throws Exception {
        Heard heard = new Heard();
        try (SipEndpoint off = endpoint(Srtp.OFF, answering(heard));
                SipEndpoint optional = endpoint(Srtp.OPTIONAL, answering(heard));
                SipPeer toOff = peer(off);
                SipPeer toOptional = peer(optional)) {
            toOff.send(new SipDialog(toOff).invite(SECURE));
            assertThat(toOff.expect(488).header("Warning")).startsWith("302");
            SipDialog secure = new SipDialog(toOptional);
            toOptional.send(secure.invite(SECURE));
            assertThat(secure.expect(200).body()).contains("RTP/SAVP", "a=crypto:1 ");
            SipDialog plain = new SipDialog(toOptional);
            toOptional.send(plain.invite(SipDialog.OFFER));
            assertThat(plain.expect(200).body()).contains("RTP/AVP").doesNotContain("a=crypto");
        }
    }

    /** Keeps the keys of a call of either kind. Thread-safe. */
    private static final class KeysHeard implements IncomingCall.Events, OutgoingCall.Events {
        final BlockingQueue<Optional<SrtpKeys>> all = new LinkedBlockingQueue<>();

        @Override
        public void media(MediaFormat format, MediaPeer peer) {
            all.add(Optional.ofNullable(peer.keys()));
        }

        @Override
        public void refused(int status) {
            all.add(Optional.empty());
        }

        @Override
        public void ended(IncomingCall.How how) {}

        SrtpKeys next() throws InterruptedException {
            Optional<SrtpKeys> next = all.poll(10, TimeUnit.SECONDS);
            return (next == null ? Optional.<SrtpKeys>empty() : next).orElseThrow();
        }
    }

    @Test
    void bothSidesOfADialledCallHaveEachOthersKey() throws Exception {
        KeysHeard here = new KeysHeard();
        KeysHeard there = new KeysHeard();
        Switchboard called = new Switchboard();
        called.answerAll(there);
        try (SipEndpoint calls = endpoint(Srtp.OFF, CallHandler.none());
                SipEndpoint answers = endpoint(Srtp.REQUIRED, called)) {
            InetSocketAddress at = answers.listening().getFirst();
            calls.dial(
                    new OutgoingCall.Dial(
                            "sip:+4930777@127.0.0.1:" + at.getPort(),
                            "+4930123456",
                            Map.of(),
                            LocalMedia.ofAudio(Switchboard.MEDIA),
                            G711.PCMA,
                            false,
                            "",
                            "",
                            Optional.empty(),
                            Srtp.REQUIRED,
                            Set.of()),
                    here);
            SrtpKeys ours = here.next();
            SrtpKeys theirs = there.next();
            assertThat(ours.sending()).isEqualTo(theirs.receiving());
            assertThat(ours.receiving()).isEqualTo(theirs.sending());
        }
    }
}
