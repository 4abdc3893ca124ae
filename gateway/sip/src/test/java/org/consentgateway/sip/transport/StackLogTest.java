package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.consentgateway.testkit.fuzz.Trouble;
import org.junit.jupiter.api.Test;

/** What the stack says of itself is passed on without what it quotes. */
class StackLogTest {
    private static final String QUOTED = "INVITE sip:+491701234567@192.0.2.1 SIP/2.0";

    private final StackLog log = new StackLog();

    @Test
    void aMessageThatItLostIsToldOnceAndNothingOfIt() {
        try (Trouble trouble = Trouble.watch()) {
            RuntimeException fault = new NumberFormatException(QUOTED);
            fault.setStackTrace(
                    new StackTraceElement[] {
                        new StackTraceElement("java.lang.Long", "parseLong", "Long.java", 1),
                        new StackTraceElement("gov.nist.Parser", "number", "Parser.java", 2)
                    });
            for (int i = 0; i < 3; i++) {
                log.logError(QUOTED, fault);
                log.logException(fault);
            }
            assertThat(trouble.seen())
                    .containsExactly(
                            "WARN the SIP stack lost a message by a fault of its own"
                                    + " (NumberFormatException at"
                                    + " gov.nist.Parser.number(Parser.java:2)); report it");
        }
    }

    @Test
    void whatAPeerMayCauseIsNoWarning() {
        try (Trouble trouble = Trouble.watch()) {
            log.logError(QUOTED, new IOException(QUOTED));
            log.logException(new IOException(QUOTED));
            log.logError(QUOTED);
            assertThat(trouble.seen()).isEmpty();
        }
    }
}
