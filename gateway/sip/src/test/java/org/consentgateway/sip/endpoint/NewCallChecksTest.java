package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import gov.nist.javax.sip.message.MessageFactoryImpl;
import gov.nist.javax.sip.message.SIPRequest;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.sdp.Everywhere;
import org.consentgateway.sip.trunk.Numbering;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new INVITE is refused for, asked without a stack. */
class NewCallChecksTest {
    private static final InetAddress SOURCE = InetAddress.ofLiteral("192.0.2.1");

    private static final Trunk TRUNK =
            Trunk.trustedWithNothing("provider", List.of(), List.of(), Numbering.GERMANY);

    private static final String INVITE =
            """
            INVITE sip:+493012345@198.51.100.1 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1
            From: <sip:a@example.com>;tag=1
            To: <sip:+493012345@example.com>
            Call-ID: 1
            CSeq: 1 INVITE
            Max-Forwards: 70
            Contact: <sip:a@192.0.2.1>
            Content-Length: 0

            """;

    private CallAdmission admission = new CallAdmission.Accepted();
    private boolean draining;

    private final NewCallChecks checks =
            new NewCallChecks(
                    new DialogTable(),
                    new CallHandler() {
                        @Override
                        public CallAdmission admit(String trunk, String calledNumber) {
                            return admission;
                        }

                        @Override
                        public void call(IncomingCall call) {}
                    },
                    () -> draining,
                    90);

    private @Nullable Refusal ask(String invite) throws ParseException {
        String wire = invite.replace("\n", "\r\n");
        SIPRequest request = (SIPRequest) new MessageFactoryImpl().createRequest(wire);
        return checks.of(Arrival.of(request, SOURCE, TRUNK, "", new Everywhere()));
    }

    @Test
    void whatNobodyObjectsToIsACall() throws ParseException {
        assertThat(ask(INVITE)).isNull();
    }

    @ParameterizedTest(name = "{1} instead of {0} gets {2}")
    @CsvSource(
            textBlock =
                    """
                    Max-Forwards: 70,           Require: frobnicate,       420, BAD_EXTENSION
                    Max-Forwards: 70,           Max-Forwards: 0,           483, LOOP
                    ;tag=1,                     '',                        400, MALFORMED
                    Contact: <sip:a@192.0.2.1>, Subject: nowhere,          400, MALFORMED
                    Max-Forwards: 70,           Session-Expires: 30,       422, SESSION_INTERVAL
                    """)
    void anObjectionIsAnswered(String before, String after, int status, Rejection why)
            throws ParseException {
        assertThat(ask(INVITE.replace(before, after)))
                .isInstanceOfSatisfying(
                        Refusal.Answer.class,
                        answer -> {
                            assertThat(answer.status()).isEqualTo(status);
                            assertThat(answer.why()).isEqualTo(why);
                        });
    }

    @Test
    void noMachineAnswersACallForHelp() throws ParseException {
        assertThat(ask(INVITE.replace("sip:+493012345@198.51.100.1", "urn:service:sos")))
                .isEqualTo(new Refusal.Shed(Rejection.EMERGENCY, 0));
    }

    @Test
    void whatTheHandlerDoesNotAdmitIsRefused() throws ParseException {
        admission = new CallAdmission.UnknownLine();
        assertThat(ask(INVITE)).isEqualTo(Refusal.Answer.of(404, Rejection.UNKNOWN_LINE));
        admission = new CallAdmission.Full(CallAdmission.Limit.TRUNK, 7);
        assertThat(ask(INVITE)).isEqualTo(new Refusal.Shed(Rejection.TRUNK_FULL, 7));
        draining = true;
        assertThat(ask(INVITE)).isEqualTo(new Refusal.Shed(Rejection.DRAINING, 0));
    }

    @Test
    void theFirstObjectionIsTheAnswer() throws ParseException {
        admission = new CallAdmission.UnknownLine();
        assertThat(ask(INVITE.replace("Max-Forwards: 70", "Max-Forwards: 0")))
                .isEqualTo(Refusal.Answer.of(483, Rejection.LOOP));
    }
}
