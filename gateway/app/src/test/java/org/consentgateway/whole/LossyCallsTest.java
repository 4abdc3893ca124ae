package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.wire.LossyRelay;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over a bad line, signalling and media alike: they live, and their keys are heard. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LossyCallsTest {
    private static final int CALLS = 4;
    private static final int DELAY_MILLIS = 100; // each way
    private static final long SEED = 3261;

    @RegisterExtension
    static final TestGateway gateway = TestGateway.with(TestGateway.Wishes.USUAL);

    @ParameterizedTest(name = "{0} % lost, 200 ms there and back, seed 3261")
    @ValueSource(ints = {1, 5})
    @Execution(ExecutionMode.CONCURRENT)
    void aKeyIsHeardAndTheCallIsConnectedAndEnds(int lossPercent) throws Exception {
        List<LossyRelay> lines = new ArrayList<>();
        try {
            List<TestCaller> callers = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                var line = new LossyRelay(gateway.sip(), lossPercent, DELAY_MILLIS, SEED + i);
                lines.add(line);
                callers.add(
                        TestCaller.calls(
                                gateway,
                                TestGateway.ONE_LEVEL,
                                "+4917700000" + lossPercent + i,
                                line.port()));
            }
            for (TestCaller caller : callers) {
                caller.talks();
            }
            for (TestCaller caller : callers) {
                // A yes to what was not yet asked does not count; its last packet may be lost.
                caller.hearsOneOf("question-keys.assistant", "question-keys.assistant (cut)")
                        .presses("1");
            }
            for (TestCaller caller : callers) {
                caller.hearsBeginningOf("assistant").hangsUp();
            }
            for (TestCaller caller : callers) {
                gateway.tellsOfTalk(caller.number, "basis");
            }
            assertThat(lines.stream().mapToInt(LossyRelay::lost).sum())
                    .as("the line was bad")
                    .isGreaterThan(CALLS * lossPercent);
        } finally {
            lines.forEach(LossyRelay::close);
        }
    }
}
