package org.consentgateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.call.spoken.Variants;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.consent.request.LinkSender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallsTest {
    private final TestWorld world = new TestWorld();
    private final List<Calls.Room> rejected = Collections.synchronizedList(new ArrayList<>());
    private final List<CallOutcome> ended = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch allEnded = new CountDownLatch(2);

    private void told(CallEvent event) {
        switch (event) {
            case CallEvent.Rejected(Calls.Room why) -> rejected.add(why);
            case CallEvent.Ended(CallOutcome outcome, _) -> {
                ended.add(outcome);
                allEnded.countDown();
            }
            default -> {}
        }
    }

    private Calls calls(int limit) {
        return calls(limit, limit);
    }

    private Calls calls(int limit, int limitPerLine) {
        return new Calls(limit, limitPerLine);
    }

    private Calls.Room offer(Calls calls, Caller caller) {
        return calls.offer(
                caller,
                TestWorld.SHORT_LADDER,
                new CallServices(
                        world.journal,
                        world.requests,
                        world.tasks,
                        LinkSender.NONE,
                        world.notices,
                        new RecordingTargets(Script.of(), new Tape(), RecordingTargets.Kind.SIP),
                        this::told,
                        new CallTime(world.time, world.time, world.time),
                        new Variants(new Random(1))));
    }

    @Test
    void callsOverTheLimitAreNotTaken() throws InterruptedException {
        Calls calls = calls(2, 10);
        var first = new WaitingCaller(world.withheldCaller());
        var second = new WaitingCaller(world.withheldCaller());
        assertThat(offer(calls, first)).isEqualTo(Calls.Room.FREE);
        assertThat(calls.room()).isEqualTo(Calls.Room.FREE);
        assertThat(offer(calls, second)).isEqualTo(Calls.Room.FREE);

        assertThat(calls.room()).isEqualTo(Calls.Room.FULL);
        assertThat(offer(calls, new WaitingCaller(world.withheldCaller())))
                .isEqualTo(Calls.Room.FULL);
        assertThat(rejected).containsExactly(Calls.Room.FULL);
        assertThat(calls.active()).isEqualTo(2);

        first.leave();
        second.leave();
        allEnded.await();
        assertThat(calls.drain(Duration.ofSeconds(5), Duration.ZERO)).isZero();
        assertThat(calls.active()).isZero();
    }

    @Test
    void drainingTakesNoMoreCallsAndAsksTheRestToSayGoodbye() throws InterruptedException {
        Calls calls = calls(2);
        var staying = new WaitingCaller(world.withheldCaller());
        offer(calls, staying);

        assertThat(calls.drain(Duration.ofMillis(1), Duration.ofSeconds(5))).isEqualTo(1);
        assertThat(calls.draining()).isTrue();
        assertThat(offer(calls, new WaitingCaller(world.withheldCaller())))
                .isEqualTo(Calls.Room.DRAINING);
        assertThat(rejected).containsExactly(Calls.Room.DRAINING);
        assertThat(ended).hasSize(1).first().isInstanceOf(CallOutcome.Drained.class);
        assertThat(staying.hungUp).containsExactly(Ending.DRAINED, Ending.FAILURE);
    }

    @Test
    void limitsMayChangeUnderWay() {
        Calls calls = calls(1, 1);
        var staying = new WaitingCaller(world.withheldCaller());
        offer(calls, staying);
        assertThat(calls.room()).isEqualTo(Calls.Room.FULL);

        calls.limits(2, 1);
        assertThat(calls.room()).isEqualTo(Calls.Room.FREE);
        assertThat(calls.room(TestWorld.SHORT_LADDER)).isEqualTo(Calls.Room.LINE_FULL);
        calls.limits(2, 2);
        assertThat(calls.room(TestWorld.SHORT_LADDER)).isEqualTo(Calls.Room.FREE);
        calls.limits(1, 1);
        assertThat(calls.room()).isEqualTo(Calls.Room.FULL);
        assertThat(calls.active()).isEqualTo(1);
        staying.leave();
    }

    @Test
    void aLineHasALimitOfItsOwn() {
        Calls calls = calls(10, 1);
        var first = new WaitingCaller(world.withheldCaller());
        offer(calls, first);

        assertThat(calls.room()).isEqualTo(Calls.Room.FREE);
        assertThat(calls.room(TestWorld.SHORT_LADDER)).isEqualTo(Calls.Room.LINE_FULL);
        assertThat(offer(calls, new WaitingCaller(world.withheldCaller())))
                .isEqualTo(Calls.Room.LINE_FULL);
        first.leave();
    }

    /** Stays in the opening until it leaves or is drained; then hears out what is said. */
    private static final class WaitingCaller implements Caller {
        private final CallFacts facts;
        private final LinkedBlockingQueue<RuntimeException> next = new LinkedBlockingQueue<>();
        private final List<Ending> hungUp = Collections.synchronizedList(new ArrayList<>());
        private boolean drained;

        WaitingCaller(CallFacts facts) {
            this.facts = facts;
        }

        void leave() {
            next.add(new CallEnded(CallEnded.How.CALLER_HUNG_UP));
        }

        @Override
        public void consentEnded(EndOfConsent.How how) {
            throw new UnsupportedOperationException("there is no consent");
        }

        @Override
        public boolean ask(Purpose purpose) {
            return false;
        }

        @Override
        public void drain() {
            next.add(new CallDrained());
        }

        @Override
        public CallFacts facts() {
            return facts;
        }

        @Override
        public List<String> languages() {
            return List.of();
        }

        @Override
        public void ring() {}

        @Override
        public void answer() {}

        @Override
        public boolean hears(String language) {
            return false;
        }

        @Override
        public boolean hearsWithdrawal(String language) {
            return false;
        }

        @Override
        public String model(String language) {
            return "";
        }

        @Override
        public void watch(Withdrawals watching) {}

        @Override
        public Said say(Utterance utterance) {
            if (drained) {
                return new Said(1, 1, 0, true, Said.End.COMPLETED);
            }
            try {
                RuntimeException end = next.take();
                drained = end instanceof CallDrained;
                throw end;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Announced announce(
                List<Utterance> before,
                Utterance announcement,
                Expecting expecting,
                AnswerTiming timing) {
            return new Announced(say(announcement), null);
        }

        @Override
        public Reply ask(Utterance question, Expecting expecting, AnswerTiming timing) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public Reply rest(Reply.Meant yes, Next next, Expecting expecting, AnswerTiming timing) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public void heed() {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public void hearOut() {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public Dialled<AssistantEnd> awaitAssistant(
                Dialling<AssistantEnd> dialling, Utterance meanwhile) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, Utterance meanwhile) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public @Nullable PhoneNumber number() {
            return null;
        }

        @Override
        public Typed type(Utterance prompt, String begun) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public BridgeEnd converse(
                AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public BridgeEnd talk(HumanEnd human, Consumer<ConsentWithdrawn> withdrawn) {
            throw new IllegalStateException("nobody gets that far");
        }

        @Override
        public void hangUp(Ending why) {
            hungUp.add(why);
        }

        @Override
        public MediaQuality quality() {
            return MediaQuality.NONE;
        }
    }
}
