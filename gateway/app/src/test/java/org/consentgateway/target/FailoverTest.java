package org.consentgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialled.Why;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailoverTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<Place> dialled = Collections.synchronizedList(new ArrayList<>());

    /** From this one on all say something at once, so that nobody has to be quick. */
    private volatile int heardFrom = Integer.MAX_VALUE;

    /** One that is dialled, and does as the test tells. */
    private static final class Place implements Failover.Attempt<HumanEnd> {
        private final CompletableFuture<Dialled<HumanEnd>> result = new CompletableFuture<>();
        private volatile boolean heard;
        private volatile boolean rang;

        private void fails(Why why, int status) {
            result.complete(new Dialled.NotReached<>(why, status));
        }

        private void answers() {
            result.complete(new Dialled.Connected<>(new Human()));
        }

        @Override
        public CompletionStage<Dialled<HumanEnd>> result() {
            return result;
        }

        @Override
        public void cancel(Ending why) {
            fails(Why.NO_ANSWER, 487);
        }

        @Override
        public boolean heard() {
            return heard;
        }

        @Override
        public boolean rang() {
            return rang;
        }
    }

    private static final class Human extends HumanEnd {
        @Override
        public void hangUp(Ending why) {}
    }

    private Dialling<HumanEnd> start(int places, Duration hurry) {
        List<Supplier<Failover.Attempt<HumanEnd>>> all = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            all.add(() -> {
                Place place = new Place();
                place.heard = dialled.size() >= heardFrom;
                dialled.add(place);
                return place;
            });
        }
        return Failover.start(all, hurry);
    }

    private Place place(int index) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (dialled.size() <= index && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return dialled.get(index);
    }

    private static Dialled<HumanEnd> result(Dialling<HumanEnd> dialling) throws Exception {
        return dialling.result().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void theNextPlaceIsDialledWhereOneIsNotReachedBusyOrDoesNotWant() throws Exception {
        Dialling<HumanEnd> dialling = start(4, LONG);
        place(0).fails(Why.UNREACHABLE, 503);
        place(1).fails(Why.BUSY, 486);
        place(2).fails(Why.REFUSED, 403);
        place(3).answers();

        assertThat(result(dialling)).isInstanceOf(Dialled.Connected.class);
    }

    @Test
    void whereItRangAndNobodyAnsweredOrAllWereAskedNoOtherIsDialled() throws Exception {
        Dialling<HumanEnd> rang = start(2, LONG);
        place(0).rang = true;
        place(0).fails(Why.NO_ANSWER, 408);
        assertThat(result(rang)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.NO_ANSWER, 408));

        Dialling<HumanEnd> forAll = start(2, LONG);
        place(1).fails(Why.REFUSED, 603);
        assertThat(result(forAll)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.REFUSED, 603));
        assertThat(dialled).hasSize(2);
    }

    @Test
    void aSilentPlaceIsGivenUpForTheNextAndTheLastIsNot() throws Exception {
        heardFrom = 1;
        Dialling<HumanEnd> dialling = start(3, Duration.ofMillis(50));
        place(0);
        place(1);
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(dialled).as("the second has said something").hasSize(2);
        heardFrom = Integer.MAX_VALUE;
        place(1).fails(Why.UNREACHABLE, 500);
        place(2);
        TimeUnit.MILLISECONDS.sleep(300);
        assertThat(dialling.result().toCompletableFuture()).isNotDone();
        place(2).answers();
        assertThat(result(dialling)).isInstanceOf(Dialled.Connected.class);
    }

    @Test
    void whoeverCancelsIsNotGivenTheNextPlace() throws Exception {
        Dialling<HumanEnd> dialling = start(3, LONG);
        place(0);
        dialling.cancel(Ending.NORMAL);

        assertThat(result(dialling))
                .isEqualTo(new Dialled.NotReached<HumanEnd>(Why.NO_ANSWER, 487));
        assertThat(dialled).hasSize(1);
    }

    @Test
    void aPlaceThatCannotBeDialledForAFaultIsPassedOverAndTheLastIsNotReached() throws Exception {
        Supplier<Failover.Attempt<HumanEnd>> faulty =
                () -> {
                    throw new IllegalStateException("no socket");
                };
        Supplier<Failover.Attempt<HumanEnd>> good =
                () -> {
                    dialled.add(new Place());
                    return dialled.getLast();
                };
        Dialling<HumanEnd> last = Failover.start(List.of(good, faulty), LONG);
        place(0).fails(Why.BUSY, 486);
        assertThat(result(last)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.UNREACHABLE, 0));

        Dialling<HumanEnd> first = Failover.start(List.of(faulty, good), LONG);
        place(1).answers();
        assertThat(result(first)).isInstanceOf(Dialled.Connected.class);
    }

    @Test
    void placesAreTriedByOrderAndWithinOneByWeight() {
        SipTarget target =
                TestTargets.of(
                        "a",
                        LONG,
                        new SipTarget.At("sip:late", 2, 1),
                        new SipTarget.At("sip:often", 1, 9),
                        new SipTarget.At("sip:seldom", 1, 1));
        Map<String, Integer> first = new HashMap<>();
        Random random = new Random(17);
        for (int i = 0; i < 1000; i++) {
            List<String> order = target.uris(random);
            assertThat(order).hasSize(3).endsWith("sip:late");
            first.merge(order.getFirst(), 1, Integer::sum);
        }

        assertThat(first.get("sip:often")).isBetween(770, 870);
        assertThat(first.get("sip:seldom")).isBetween(130, 230);
    }
}
