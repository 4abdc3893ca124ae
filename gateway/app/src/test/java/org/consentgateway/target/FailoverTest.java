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
    private final List<Place> dialled = Collections.synchronizedList(new ArrayList<>());

    /** One that is dialled, and does as the test tells. */
    private static final class Place implements Failover.Attempt<HumanEnd> {
        private final CompletableFuture<Dialled<HumanEnd>> result = new CompletableFuture<>();
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
        public boolean rang() {
            return rang;
        }
    }

    private static final class Human extends HumanEnd {
        @Override
        public void hangUp(Ending why) {}
    }

    private Dialling<HumanEnd> start(int places) {
        List<Supplier<Failover.Attempt<HumanEnd>>> all = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            all.add(() -> {
                Place place = new Place();
                dialled.add(place);
                return place;
            });
        }
        return Failover.start(all);
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
        Dialling<HumanEnd> dialling = start(4);
        place(0).fails(Why.UNREACHABLE, 503);
        place(1).fails(Why.BUSY, 486);
        place(2).fails(Why.REFUSED, 403);
        place(3).answers();

        assertThat(result(dialling)).isInstanceOf(Dialled.Connected.class);
    }

    @Test
    void whereItRangAndNobodyAnsweredOrAllWereAskedNoOtherIsDialled() throws Exception {
        Dialling<HumanEnd> rang = start(2);
        place(0).rang = true;
        place(0).fails(Why.NO_ANSWER, 408);
        assertThat(result(rang)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.NO_ANSWER, 408));

        Dialling<HumanEnd> forAll = start(2);
        place(1).fails(Why.REFUSED, 603);
        assertThat(result(forAll)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.REFUSED, 603));
        assertThat(dialled).hasSize(2);
    }

    @Test
    void whoeverCancelsIsNotGivenTheNextPlace() throws Exception {
        Dialling<HumanEnd> dialling = start(3);
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
        Dialling<HumanEnd> last = Failover.start(List.of(good, faulty));
        place(0).fails(Why.BUSY, 486);
        assertThat(result(last)).isEqualTo(new Dialled.NotReached<HumanEnd>(Why.UNREACHABLE, 0));

        Dialling<HumanEnd> first = Failover.start(List.of(faulty, good));
        place(1).answers();
        assertThat(result(first)).isInstanceOf(Dialled.Connected.class);
    }

    @Test
    void placesAreTriedByOrderAndWithinOneByWeight() {
        SipTarget target =
                TestTargets.of(
                        "a",
                        Duration.ofMinutes(1),
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
