package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.OutgoingCall;
import org.consentgateway.sip.sdp.LocalMedia;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.trunk.Trunk;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys in SDP, from dialog to dialog. */
@Timeout(60)
class SrtpCallTest {
    private static final String KEY = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";

    /** By which the suite is offered that {@link #SECURE} bears, the third of ours. */
    private static final int TAG = 3;

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

    /** Keeps whom a call of either kind has agreed with. Thread-safe. */
    private static final class PartiesHeard implements IncomingCall.Events, OutgoingCall.Events {
        final BlockingQueue<Optional<MediaPeer>> all = new LinkedBlockingQueue<>();

        @Override
        public void media(MediaFormat format, MediaPeer peer) {
            all.add(Optional.of(peer));
        }

        @Override
        public void refused(int status) {
            all.add(Optional.empty());
        }

        @Override
        public void ended(IncomingCall.How how) {}

        MediaPeer next() throws InterruptedException {
            Optional<MediaPeer> next = all.poll(10, TimeUnit.SECONDS);
            return (next == null ? Optional.<MediaPeer>empty() : next).orElseThrow();
        }

        SrtpKeys nextKeys() throws InterruptedException {
            return Objects.requireNonNull(next().keys());
        }
    }

    @Test
    void bothSidesOfADialledCallHaveEachOthersKey() throws Exception {
        PartiesHeard here = new PartiesHeard();
        PartiesHeard there = new PartiesHeard();
        Switchboard called = new Switchboard();
        called.answerAll(there);
        try (SipEndpoint calls = endpoint(Srtp.OFF, CallHandler.none());
                SipEndpoint answers = endpoint(Srtp.REQUIRED, called)) {
            InetSocketAddress at = answers.listening().getFirst();
            calls.dial(encrypted("sip:+4930777@127.0.0.1:" + at.getPort()), here);
            SrtpKeys ours = here.nextKeys();
            SrtpKeys theirs = there.nextKeys();
            assertThat(ours.sending()).isEqualTo(theirs.receiving());
            assertThat(ours.receiving()).isEqualTo(theirs.sending());
        }
    }

    /** Each server is offered keys of its own, and the one that was silent may answer first. */
    @Test
    void whoAnswersLateIsSentByTheKeyOfItsOwnInvite() throws Exception {
        PartiesHeard heard = new PartiesHeard();
        try (DnsServer dns = new DnsServer();
                SipEndpoint calls =
                        SipEndpoint.start(
                                Bench.settings(Duration.ofSeconds(90), "192.0.2.1/32"),
                                CallHandler.none(),
                                Peers.machine(dns));
                SipPeer first = peer(calls);
                SipPeer second = SipPeer.udp("127.0.0.2", calls.listening().getFirst())) {
            dns.srv("_sip._udp.provider.test", 1, first.port, "a.provider.test")
                    .srv("_sip._udp.provider.test", 2, second.port, "b.provider.test")
                    .address("a.provider.test", "127.0.0.1")
                    .address("b.provider.test", "127.0.0.2");
            calls.dial(encrypted("sip:team@provider.test;transport=udp"), heard);
            SipMessage early = first.expectRequest("INVITE");
            SipMessage later = second.expectRequest("INVITE");
            assertThat(key(later)).isNotEqualTo(key(early));
            String contact = "Contact: <sip:b@127.0.0.1:" + first.port + ">\r\n";
            String answer = SECURE.replace("a=crypto:1", "a=crypto:" + TAG);
            first.send(early.response("200 OK", "t", contact, answer));
            first.expectRequest("ACK");
            MediaPeer met = heard.next();
            SrtpKey sending = Objects.requireNonNull(met.keys()).sending();
            assertThat(Base64.getEncoder().encodeToString(sending.keyAndSalt()))
                    .isEqualTo(key(early));
            assertThat(met.otherSources().contains(InetAddress.ofLiteral("127.0.0.1")))
                    .as("its own address, and not that of the other")
                    .isTrue();
        }
    }

    /** Of the suite that {@link #SECURE} answers with. */
    private static String key(SipMessage invite) {
        return invite.find("a=crypto:" + TAG + " AES_CM_128_HMAC_SHA1_80 inline:(\\S+)");
    }

    private static OutgoingCall.Dial encrypted(String uri) {
        return new OutgoingCall.Dial(
                uri,
                "+4930123456",
                Map.of(),
                LocalMedia.ofAudio(Switchboard.MEDIA),
                G711.PCMA,
                false,
                "",
                "",
                Optional.empty(),
                Srtp.REQUIRED,
                Set.of());
    }
}
