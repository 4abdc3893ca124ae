package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.consentgateway.call.ScriptedCaller.Answering.HANGS_UP_ANSWERING;
import static org.consentgateway.call.ScriptedCaller.Answering.KEY_1;
import static org.consentgateway.call.ScriptedCaller.Answering.KEY_2;
import static org.consentgateway.call.ScriptedCaller.Answering.KEY_STAR;
import static org.consentgateway.call.ScriptedCaller.Hearing.HANGS_UP;
import static org.consentgateway.call.TestWorld.REMEMBERING;
import static org.consentgateway.call.TestWorld.SHORT_LADDER;

import java.util.ArrayList;
import java.util.List;
import org.consentgateway.call.RecordingTargets.Reached;
import org.consentgateway.call.ScriptedCaller.Hearing;
import org.consentgateway.call.ScriptedCaller.Talking;
import org.consentgateway.call.ScriptedCaller.Waiting;
import org.consentgateway.consent.Decision;
import org.consentgateway.consent.Unclear;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rates of consent and of abandonment are computed from. */
class HowFarCallersComeTest {
    private final TestWorld world = new TestWorld();
    private final List<CallEvent> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        world.alsoTold = told::add;
    }

    private <E extends CallEvent> List<E> told(Class<E> type) {
        return told.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void stranger(Enum<?>... events) {
        world.call(SHORT_LADDER, world.withheldCaller(), Script.of(events));
    }

    private long given() {
        return told(CallEvent.Decided.class).stream()
                .filter(decided -> !decided.known() && decided.decision() instanceof Decision.Given)
                .count();
    }

    @Test
    void theRateOfConsentIsThatOfTheCallersWhoWereAsked() {
        world.alsoTold = _ -> {};
        world.call(REMEMBERING, KEY_1, KEY_1);
        world.alsoTold = told::add;
        for (int i = 0; i < 4; i++) {
            stranger(KEY_1);
            stranger(KEY_2);
        }
        for (int i = 0; i < 2; i++) {
            world.call(REMEMBERING, KEY_1);
        }

        assertThat(told(CallEvent.Reaffirmed.class)).hasSize(2);
        assertThat(told(CallEvent.QuestionServed.class)).hasSize(10);
        long asked = told(CallEvent.QuestionServed.class).stream().filter(q -> !q.known()).count();
        assertThat(asked).isEqualTo(8);
        assertThat((double) given() / asked).isEqualTo(0.5);
        assertThat((double) given() / told(CallEvent.DisclosureServed.class).size())
                .as("known callers heard the disclosure, too")
                .isEqualTo(0.4);
    }

    @Test
    void whoChangesTheLanguageIsOneCallerAndCountsWhereTheCallCameTo() {
        stranger(KEY_STAR, KEY_1);

        assertThat(told(CallEvent.DisclosureServed.class))
                .singleElement()
                .satisfies(served -> assertThat(served.notice().language()).isEqualTo("en"));
        assertThat(told(CallEvent.QuestionServed.class))
                .singleElement()
                .satisfies(asked -> assertThat(asked.notice().language()).isEqualTo("en"));
    }

    @Test
    void whoHangsUpIsCountedAmongThoseWhoReachedThatStage() {
        stranger(HANGS_UP);
        assertThat(told(CallEvent.DisclosureServed.class))
                .singleElement()
                .satisfies(served -> assertThat(served.completed()).isFalse());
        assertThat(told(CallEvent.QuestionServed.class)).isEmpty();

        stranger(HANGS_UP_ANSWERING);
        assertThat(told(CallEvent.DisclosureServed.class)).hasSize(2);
        assertThat(told(CallEvent.QuestionServed.class)).hasSize(1);
        assertThat(told(CallEvent.Abandoned.class))
                .extracting(CallEvent.Abandoned::stage)
                .containsExactly(Unclear.HANGUP_DURING_OPENING, Unclear.HANGUP_DURING_QUESTION);
    }

    @Test
    void whenACallerHasSomebodyToTalkToIsToldOnceWithTheSecondsSinceTheAnswer() {
        stranger(KEY_1, Talking.LOSES_FAR_END);
        stranger(KEY_2);
        stranger(HANGS_UP);

        assertThat(told(CallEvent.Joined.class))
                .extracting(CallEvent.Joined::whom)
                .containsExactly(CallEvent.Whom.ASSISTANT, CallEvent.Whom.HUMAN);
        CallEvent.Joined first = told(CallEvent.Joined.class).getFirst();
        assertThat(first.waited()).isPositive();
        assertThat(first.notice().version()).isNotEmpty();
    }

    @Test
    void whatCameOfDiallingTheAssistantIsToldWithTheTimeSinceTheConsent() {
        stranger(KEY_1);
        stranger(KEY_1, Reached.IS_BUSY);
        stranger(KEY_1, Waiting.HANGS_UP_WAITING);
        stranger(KEY_2);

        assertThat(told(CallEvent.AssistantDialled.class))
                .as("neither who left meanwhile nor who refused")
                .extracting(CallEvent.AssistantDialled::answered)
                .containsExactly(true, false);
        assertThat(told(CallEvent.AssistantDialled.class))
                .allMatch(dialled -> !dialled.took().isNegative());
    }

    @Test
    void anOpeningThatIsNeverHeardIsToldOnceAndNotWhereTheCallerLeft() {
        stranger(Hearing.HOLDS, Hearing.SENDS_NOTHING);
        stranger(Hearing.HOLDS, Hearing.HEARS, KEY_1);
        stranger(HANGS_UP);

        assertThat(told(CallEvent.OpeningUnheard.class)).hasSize(1);
    }

    @Test
    void howFarACallerCameIsToldBeforeWhatTheCallerDid() {
        stranger(KEY_2);

        assertThat(told.stream().map(CallEvent::getClass))
                .containsSubsequence(
                        CallEvent.DisclosureServed.class,
                        CallEvent.QuestionServed.class,
                        CallEvent.Decided.class,
                        CallEvent.Ended.class);
    }
}
