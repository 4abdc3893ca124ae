package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.consentgateway.sip.auth.DigestAlgorithm;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.registration.Registered;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two accounts at one provider, each a trunk of its own, whose calls come from one address. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class AccountsAtOneRegistrarTest {
    private static final Map<String, String> LINES =
            Map.of("first", "+4930111111", "second", "+4930222222");

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private SipPeer registrar;
    private SipEndpoint endpoint;

    /** Whether each line takes the calls of both trunks. */
    private volatile boolean shared;

    /** A trunk of which no call is taken just now. */
    private volatile String full = "";

    /** Each trunk has one line. */
    private final class Lines implements CallHandler {
        @Override
        public CallAdmission door(String trunk, boolean proven) {
            return trunk.equals(full) ? new CallAdmission.Draining() : new CallAdmission.Accepted();
        }

        @Override
        public CallAdmission admit(String trunk, String calledNumber) {
            return serves(trunk, calledNumber)
                    ? new CallAdmission.Accepted()
                    : new CallAdmission.UnknownLine();
        }

        @Override
        public boolean serves(String trunk, String calledNumber) {
            return shared
                    ? LINES.containsValue(calledNumber)
                    : calledNumber.equals(LINES.get(trunk));
        }

        @Override
        public void call(IncomingCall call) {
            calls.add(call.trunk() + " " + call.calledNumber());
            call.reject(486, "Busy Here", Map.of());
        }
    }

    @BeforeEach
    void start() throws IOException {
        registrar =
                SipPeer.udp(
                        "127.0.0.1", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
        endpoint =
                SipEndpoint.start(
                        Bench.settings(
                                List.of(Bench.trunk("first"), Bench.trunk("second")),
                                List.of(
                                        account("first", "e12345p0"),
                                        account("second", "+4930222222"))),
                        new Lines(),
                        System::nanoTime);
        registrar.to(endpoint.listening().getFirst());
        for (int i = 0; i < 2; i++) {
            SipMessage asked = registrar.expectRequest("REGISTER");
            registrar.send(
                    asked.response(
                            "200 OK",
                            "r1",
                            "Contact: " + asked.header("Contact") + ";expires=600\r\n",
                            ""));
        }
        await().until(() -> endpoint.registrations().stream().allMatch(Registered::registered));
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.close();
        registrar.close();
    }

    private Account account(String trunk, String user) {
        return new Account(
                trunk,
                "provider.invalid",
                Optional.of("127.0.0.1:" + registrar.port),
                Optional.of(Transport.UDP),
                user,
                "login",
                "secret",
                EnumSet.allOf(DigestAlgorithm.class),
                Duration.ofMinutes(10),
                true,
                false);
    }

    /** The trunk and number of the call. */
    private String called(String user, String number) throws Exception {
        SipDialog call = new SipDialog(registrar);
        call.target = "sip:" + user + "@127.0.0.1";
        call.to = "<sip:" + number + "@provider.invalid>";
        registrar.send(call.invite(SipDialog.OFFER));
        SipMessage refused = call.expectFinal();
        registrar.send(call.ackRefusal(refused));
        String came = calls.poll(1, TimeUnit.SECONDS);
        return came == null ? "refused " + refused.status() : came;
    }

    @Test
    void eachCallIsOfTheTrunkWhoseAccountItAddresses() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(called("e12345p0", "+4930111111")).isEqualTo("first +4930111111");
            assertThat(called("+4930222222", "+4930222222")).isEqualTo("second +4930222222");
        }
        assertThat(called("e12345p0", "+4930222222"))
                .as("which is no line of the account's trunk")
                .isEqualTo("refused 404");
    }

    /** Though the other may have its number, and stands before it. */
    @Test
    void anAccountThatIsANumberIsAddressedByIt() throws Exception {
        shared = true;
        assertThat(called("+4930222222", "+4930222222")).isEqualTo("second +4930222222");
    }

    /** Before the parser has seen the call as well. */
    @Test
    void aTrunkThatIsFullKeepsNoCallOfTheOtherOut() throws Exception {
        shared = true;
        full = "first";
        assertThat(called("+4930222222", "+4930222222")).isEqualTo("second +4930222222");
        assertThat(called("e12345p0", "+4930111111")).isEqualTo("refused 503");
    }

    /** Also those that the screen gives. */
    @Test
    void eachAnswerOfOursCountsForTheTrunkOfItsCall() throws Exception {
        assertThat(called("+4930222222", "+4930222222")).isEqualTo("second +4930222222");
        assertThat(called("e12345p0", "+4930222222")).isEqualTo("refused 404");
        full = "second";
        assertThat(called("+4930222222", "+4930222222")).isEqualTo("refused 503");
        await().untilAsserted(() ->
                assertThat(endpoint.counters().trunks())
                        .extracting(TrunkCounters::trunk, TrunkCounters::given)
                        .containsExactlyInAnyOrder(
                                tuple("first", Map.of(404, 1L)),
                                tuple("second", Map.of(486, 1L, 503, 1L))));
    }

    /** As providers do that have a whole range of numbers at one registration (RFC 6140). */
    @Test
    void aCallThatAddressesANumberIsOfATrunkThatHasItAsALine() throws Exception {
        for (String trunk : List.of("first", "second", "first")) {
            String number = LINES.getOrDefault(trunk, "");
            assertThat(called(number, number)).isEqualTo(trunk + " " + number);
        }
        assertThat(called("+4930999999", "+4930999999")).isEqualTo("refused 404");
    }
}
