package org.consentgateway.bench.parts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. Where the time goes: records setups, dialogs and 100 bridged calls,
 * and prints what is on top of the stacks, by share.
 */
public final class Profile implements Part {
    @Override
    public void measure(TestBed bed) throws Exception {
        Path home = bed.home();
        Path file = home.resolve("gateway/bench/target/bench/profile.jfr");
        Files.createDirectories(file.getParent());
        try (var voices = new Voices();
                var gateway = bed.gateway(3000, "");
                var phones = bed.phones(voices)) {
            WarmUp.warm(phones);
            gateway.jcmd(
                    "JFR.start",
                    "name=bench",
                    "settings=profile",
                    "jdk.CPUTimeSample#enabled=true",
                    "jdk.CPUTimeSample#throttle=5ms");
            Map<String, Double> idle = gateway.kernel().cpuMillisByThread();
            phones.call(new Phones.Plan(1000, 100, null, Duration.ofMillis(20), false))
                    .await(TestBed.PATIENCE);
            Map<String, Double> setUp = gateway.kernel().cpuMillisByThread();
            var batch =
                    phones.call(new Phones.Plan(TestBed.CALLS, TestBed.SETUPS, null, null, true));
            ConsentQuestion.answer(phones, batch);
            TestBed.pause(bed.isQuick() ? 5 : 15);
            threads("1000 setups and hang-ups", idle, setUp);
            threads(
                    TestBed.CALLS + " dialogs, bridged",
                    setUp,
                    gateway.kernel().cpuMillisByThread());
            gateway.jcmd("JFR.dump", "name=bench", "filename=" + file);
            phones.hangUp(batch, 200);
            batch.await(TestBed.PATIENCE);
        }
        System.out.println(Frames.of(file));
        System.out.println("The recording is in " + home.relativize(file) + ".");
    }

    private static void threads(
            String work, Map<String, Double> before, Map<String, Double> after) {
        System.out.println("CPU of " + work + ", by thread, in ms");
        after.forEach((name, millis) -> {
            double used = millis - before.getOrDefault(name, 0.0);
            if (used >= 20) {
                System.out.printf(Locale.ROOT, "%8.0f  %s%n", used, name);
            }
        });
    }
}
