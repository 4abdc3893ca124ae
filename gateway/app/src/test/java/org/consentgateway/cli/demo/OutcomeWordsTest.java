package org.consentgateway.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.consentgateway.demo.DemoCall;
import org.consentgateway.sip.dialog.IncomingCall;
import org.junit.jupiter.api.Test;

class OutcomeWordsTest {
    private static String refused(int status, int retryAfterSeconds) {
        return OutcomeWords.of(new DemoCall.Outcome.Refused(status, retryAfterSeconds));
    }

    @Test
    void whoIsRefusedForWantOfRoomIsToldWhereToLookAndWhenToCallAgain() {
        assertThat(refused(503, 30))
                .isEqualTo(
                        "refused with 503: no room just now, by a limit of the configuration or for"
                                + " too much load; the gateway's log says which; call again in 30 s"
                                + " (Retry-After)");
    }

    /** Of a gateway that is stopped, or not yet up, it is not known when to call again. */
    @Test
    void whereNoCallIsTakenNoTimeIsPromised() {
        assertThat(refused(503, 0))
                .contains("no call is taken yet or any more", "the gateway's log says which")
                .doesNotContain("again in");
    }

    @Test
    void ofAllOthersTheStatusIsTold() {
        assertThat(refused(404, 0)).isEqualTo("refused with 404");
        assertThat(refused(480, 5)).isEqualTo("refused with 480; call again in 5 s (Retry-After)");
        assertThat(OutcomeWords.of(new DemoCall.Outcome.Ended(IncomingCall.How.BYE)))
                .isEqualTo("ended: BYE");
    }
}
