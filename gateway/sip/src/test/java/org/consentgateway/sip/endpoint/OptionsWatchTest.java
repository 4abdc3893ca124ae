package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.registration.TargetState;
import org.consentgateway.sip.registration.TargetState.Health;
import org.consentgateway.sip.registration.Watched;
import org.consentgateway.testkit.DnsServer;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.consentgateway.testkit.timing.RealTimeTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class OptionsWatchTest {
    private static final Duration NEVER_AGAIN = Duration.ofHours(1);

    private DnsServer dns;
    private SipEndpoint endpoint;
    private SipPeer first;
    private SipPeer second;

    @BeforeEach
    void start() throws IOException {
        dns = new DnsServer();
        endpoint =
                SipEndpoint.start(
                        Bench.settings(Duration.ofSeconds(90), "192.0.2.1/32"),
                        CallHandler.none(),
                        Peers.machine(dns));
        first = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        second = SipPeer.udp("127.0.0.1", endpoint.listening().getFirst());
        dns.srv("_sip._udp.team.test", 1, first.port, "a.test")
                .srv("_sip._udp.team.test", 2, second.port, "a.test")
                .address("a.test", "127.0.0.1");
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        first.close();
        second.close();
        dns.close();
    }

    private void watch(String uri, Duration interval) {
        endpoint.watch(
                List.of(new Watched(Watched.Kind.HUMAN, "team", Optional.of(uri))), interval);
    }

    private TargetState team() {
        return endpoint.targets().getFirst();
    }

    @RealTimeTest
    void eachServerIsAskedAndTheBestCounts() throws Exception {
        watch("sip:secret@team.test", NEVER_AGAIN);
        assertThat(team().health()).isEqualTo(Health.UNKNOWN);
        SipMessage options = first.expectRequest("OPTIONS");
        assertThat(options.startLine()).isEqualTo("OPTIONS sip:team.test SIP/2.0");
        first.send(options.response("503 Service Unavailable", "t", "", ""));
        second.send(second.expectRequest("OPTIONS").response("404 Not Found", "t", "", ""));
        await().until(() -> team().health() == Health.UP);
        List<TargetState.ServerState> servers = team().servers();
        assertThat(servers)
                .extracting(TargetState.ServerState::address)
                .containsExactly("udp:127.0.0.1:" + first.port, "udp:127.0.0.1:" + second.port);
        await().until(() -> team().servers().getFirst().status() == 503);
        assertThat(team().servers().getFirst().health()).isEqualTo(Health.DOWN);
        assertThat(servers.get(1).status()).isEqualTo(404);
        assertThat(servers.get(1).answered()).isPresent();
        assertThat(servers.get(1).roundTrip().orElseThrow())
                .isBetween(Duration.ofNanos(1), Duration.ofSeconds(5));
        assertThat(team().since()).isPresent();
    }

    @Test
    void silenceIsDeathUntilAnAnswerComes() throws Exception {
        watch("sip:127.0.0.1:" + first.port, Duration.ofMillis(100));
        first.expectRequest("OPTIONS");
        await().until(() -> team().health() == Health.DOWN);
        assertThat(team().servers().getFirst().status()).isEqualTo(408);
        assertThat(team().servers().getFirst().roundTrip()).isEmpty();
        await().until(() -> {
            SipMessage options = first.expectRequest("OPTIONS");
            first.send(options.response("200 OK", "t", "", ""));
            return team().health() == Health.UP;
        });
        assertThat(team().servers().getFirst().status()).isEqualTo(200);
    }

    @Test
    void whoIsDownIsAskedAgainSoon() throws Exception {
        watch("sip:127.0.0.1:" + first.port, NEVER_AGAIN);
        SipMessage unanswered = first.expectRequest("OPTIONS");
        await().until(() -> team().health() == Health.DOWN);
        SipMessage again = first.expectRequest("OPTIONS");
        while (again.first("Call-ID").equals(unanswered.first("Call-ID"))) {
            again = first.expectRequest("OPTIONS");
        }
        first.send(again.response("200 OK", "t", "", ""));
        await().until(() -> team().health() == Health.UP);
    }

    @RealTimeTest
    void aProbeSaysWhatBecameOfIt() throws Exception {
        watch("sip:nobody.test", NEVER_AGAIN);
        List<TargetState> states = endpoint.probe("team").get(10, TimeUnit.SECONDS);
        assertThat(states).hasSize(1);
        assertThat(states.getFirst().health()).isEqualTo(Health.DOWN);
        assertThat(states.getFirst().servers()).isEmpty();
        assertThat(endpoint.probe("nobody").get(10, TimeUnit.SECONDS)).isEmpty();

        dns.srv("_sip._udp.late.test", 1, first.port, "a.test");
        watch("sip:late.test", NEVER_AGAIN);
        first.send(first.expectRequest("OPTIONS").response("200 OK", "t", "", ""));
        var probe = endpoint.probe("team");
        first.send(first.expectRequest("OPTIONS").response("200 OK", "t", "", ""));
        assertThat(probe.get(10, TimeUnit.SECONDS).getFirst().health()).isEqualTo(Health.UP);
    }

    @Test
    void aTrunkIsHeardOf() throws Exception {
        try (Bench bench = new Bench();
                SipPeer peer = bench.udpPeer()) {
            bench.endpoint.watch(
                    List.of(new Watched(Watched.Kind.TRUNK, "loopback", Optional.empty())),
                    NEVER_AGAIN);
            assertThat(bench.endpoint.targets().getFirst().heard()).isEmpty();
            SipDialog phone = new SipDialog(peer);
            peer.send(phone.request("OPTIONS", 1, "z9hG4bK-o", "", ""));
            peer.expect(200);
            assertThat(bench.endpoint.targets().getFirst().heard()).isPresent();
            assertThat(bench.endpoint.targets().getFirst().health()).isEqualTo(Health.UNKNOWN);
        }
    }

    @Test
    void aTrunkThatNeverAnswersOptionsIsNotCalledDown() throws Exception {
        endpoint.watch(
                List.of(
                        new Watched(
                                Watched.Kind.TRUNK,
                                "team",
                                Optional.of("sip:127.0.0.1:" + first.port))),
                NEVER_AGAIN);
        first.expectRequest("OPTIONS");
        await().until(() -> team().servers().getFirst().status() == 408);
        assertThat(team().health()).isEqualTo(Health.UNKNOWN);
    }
}
