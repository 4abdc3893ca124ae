package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.testkit.AnsweredCall;
import org.consentgateway.testkit.Callee;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.SipMessage;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What telephones and exchanges do that is neither a mistake nor the usual. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TelephoneHabitsTest {
    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(
                    TestGateway.Wishes.USUAL,
                    yaml ->
                            yaml.replace("sip:assistant@", "sip:" + Callee.EARLY + "@")
                                    .replace("sip:human@", "sip:" + Callee.EARLY + "@"));

    /** No telephone-event in their SDP: the keys are found in the sound (ITU-T Q.23). */
    @Story
    void keysCountAsTonesWhereNoEventsWereAgreedOn() throws Exception {
        String number = "+491760000001";
        try (Caller caller = gateway.caller(TestGateway.NO_HUMAN, number).withTonesOnly().calls()) {
            gateway.tells(number, "Served opening");
            while (gateway.story(number).size() == 1) {
                caller.sounds('2');
                Thread.sleep(300);
            }
            gateway.tells(number, "Served opening", "Refused");
            caller.answers(caller.receives("BYE"), "200 OK");
        }
    }

    /** "A no can be given at any moment": somebody pressed it, whatever plays to us meanwhile. */
    @Story
    void aNoThatIsPressedOnHoldCountsAndAYesDoesNot() throws Exception {
        String number = "+491760000013";
        try (Caller caller = gateway.caller(TestGateway.NO_HUMAN, number).calls()) {
            gateway.tells(number, "Served opening");
            caller.holds(true);
            caller.presses('1');
            Thread.sleep(1000);
            assertThat(gateway.story(number)).containsExactly("Served opening");
            caller.presses('2');
            gateway.tells(number, "Served opening", "Refused");
            caller.holds(false);
            caller.answers(caller.receives("BYE"), "200 OK");
        }
    }

    /** What sounds like a key may be the music of a telephone system. */
    @Story
    void aToneOnHoldIsNoKey() throws Exception {
        String number = "+491760000014";
        try (Caller caller = gateway.caller(TestGateway.NO_HUMAN, number).withTonesOnly().calls()) {
            gateway.tells(number, "Served opening");
            caller.holds(true);
            for (int i = 0; i < 3; i++) {
                caller.sounds('2');
                Thread.sleep(300);
            }
            assertThat(gateway.story(number)).containsExactly("Served opening");
            caller.holds(false);
            while (gateway.story(number).size() == 1) {
                caller.sounds('2');
                Thread.sleep(300);
            }
            gateway.tells(number, "Served opening", "Refused");
            caller.answers(caller.receives("BYE"), "200 OK");
        }
    }

    /** 183 with a description, 180, and only then 200. */
    @Story
    void earlyMediaOfAnAssistantOrAHumanEndsWithTheAnswer() throws Exception {
        String number = "+491760000002";
        TestCaller caller = TestCaller.calls(gateway, TestGateway.ONE_LEVEL, number).talks();
        caller.hears("question-keys.assistant").presses("1").hears("confirm-keys.basis");
        TestWait.until(() -> gateway.assistant().calls().size() == 1);
        AnsweredCall assistant = gateway.assistant().calls().getFirst();
        TestWait.until(assistant::heardTheCaller);
        assertThat(caller.heard())
                .as("what it said before it answered")
                .doesNotContain("assistant");
        caller.presses("*9").hears("to-human");
        TestWait.until(() -> gateway.human().calls().size() == 1);
        TestWait.until(gateway.human().calls().getFirst()::heardTheCaller);
        TestWait.until(assistant::over);
        caller.hangsUp();
        gateway.tellsOfWithdrawal(number, "basis", "KEY", "BYE");
    }

    @Story
    void theByeComesAWhileBehindTheLastWord() throws Exception {
        String number = "+491760000003";
        try (Caller caller = gateway.caller(TestGateway.NO_HUMAN, number).calls()) {
            gateway.tells(number, "Served opening");
            while (gateway.story(number).size() == 1) {
                caller.presses('2');
            }
            SipMessage bye = caller.receives("BYE");
            int silent = caller.voice().silent();
            caller.answers(bye, "200 OK");
            assertThat(silent)
                    .as("packets after its silent end, and the one until that is noticed")
                    .isGreaterThan(silenceAtTheEndOf("goodbye") + 1);
        }
    }

    /** Packets of 20 ms, found silent as the caller finds them: by their last octet. */
    private static int silenceAtTheEndOf(String prompt) {
        byte[] law =
                Objects.requireNonNull(gateway.prompts().clips().get(prompt)).octets(G711.PCMA);
        int packets = 0;
        for (int end = law.length; end > 0 && isSilence(law[end - 1]); end -= 160) {
            packets++;
        }
        return packets;
    }

    private static boolean isSilence(byte octet) {
        return octet == G711.PCMA.silence()[0] || octet == (G711.PCMA.silence()[0] ^ (byte) 0x80);
    }
}
