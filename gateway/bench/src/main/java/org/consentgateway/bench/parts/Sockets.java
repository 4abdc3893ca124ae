package org.consentgateway.bench.parts;

import java.io.IOException;
import java.time.Duration;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.SocketBots;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.CpuUsage;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. As many calls as wanted to assistants over SIP, and then to such
 * behind WebSockets, through the same gateway: what the socket costs, and by how much later each
 * side hears the other.
 */
final class Sockets implements Part {
    @Override
    public void measure(TestBed bed) throws Exception {
        Duration prompts = TestBed.BUDGET_PROMPT.dividedBy(2);
        try (var voices = new Voices();
                var bots = new SocketBots();
                var gateway =
                        bed.gateway(
                                new GatewayProcess.Setup(
                                        3000, false, bed.ports(), null, prompts, bots.port()),
                                "");
                var phones = bed.phones(voices)) {
            WarmUp.practise(gateway, phones, 2 * TestBed.CALLS);
            var calls = new SocketCalls(bed.report(), gateway, phones, voices, bots);
            calls.practise(TestBed.CALLS);
            for (int run = 0; run < bed.runs(); run++) {
                calls.measure(bed.isQuick() ? TestBed.CALLS : 400, bed.isQuick() ? 3 : 10);
            }
            bed.report().add("load program, times it fell behind by 5 ms", "", voices.late());
        }
    }

    private record SocketCalls(
            Report report, GatewayProcess gateway, Phones phones, Voices voices, SocketBots bots) {
        /** Until the compilers have nothing left to do. */
        void practise(int calls) throws Exception {
            Phones.Batch batch = talking(calls);
            TestBed.pause(5);
            end(batch);
            WarmUp.settle(gateway.kernel());
        }

        void measure(int calls, double seconds) throws Exception {
            Heard sip = overSip(calls, seconds);
            overSockets(calls, seconds, sip);
        }

        private record Heard(double p50, double p99) {
            static Heard in(Samples micros) {
                return new Heard(micros.quantile(0.5) / 1000, micros.quantile(0.99) / 1000);
            }
        }

        private Heard overSip(int calls, double seconds) throws Exception {
            var batch = phones.call(new Phones.Plan(calls, TestBed.SETUPS, null, null, true));
            ConsentQuestion.answer(phones, batch);
            TestBed.pause(3);
            Voices.Window window = voices.begin();
            double cpu = CpuUsage.percent(gateway.kernel(), seconds);
            voices.end();
            Heard heard = Heard.in(window.latencyMicros);
            String name = calls + " over SIP, ";
            report.add(name + "CPU per call", "% core", cpu / calls);
            report.add(name + "one way p50", "ms", heard.p50());
            report.add(name + "one way p99", "ms", heard.p99());
            report.add(name + "packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            end(batch);
            return heard;
        }

        private void overSockets(int calls, double seconds, Heard sip) throws Exception {
            Phones.Batch batch = talking(calls);
            TestBed.pause(3);
            String name = calls + " on sockets, ";
            report.add(name + "at once", "calls", calls, Limit.AT_LEAST, bots.talking());
            long unsent = bots.unsent();
            Voices.Window backward = voices.begin();
            SocketBots.Window forward = bots.begin();
            double cpu = CpuUsage.percent(gateway.kernel(), seconds);
            voices.end();
            bots.end();
            report.add(name + "CPU per call", "% core", 0.3, Limit.AT_MOST, cpu / calls);
            added(name + "to the assistant", Heard.in(forward.latencyMicros), sip);
            added(name + "to the caller", Heard.in(backward.latencyMicros), sip);
            report.add(name + "20 ms lost there", "%", 0, Limit.AT_MOST, forward.lossPercent());
            report.add(name + "packets lost back", "%", 0, Limit.AT_MOST, backward.lossPercent());
            report.add(
                    name + "not read by the gateway", "20 ms", (double) (bots.unsent() - unsent));
            end(batch);
            report.add(
                    name + "left when all have hung up", "calls", 0, Limit.AT_MOST, bots.talking());
        }

        private void added(String name, Heard heard, Heard sip) {
            report.add(name + " p50", "ms", heard.p50());
            report.add(name + " p99", "ms", heard.p99());
            report.add(name + ", added p50", "ms", 60, Limit.AT_MOST, heard.p50() - sip.p50());
            report.add(name + ", added p99", "ms", 100, Limit.AT_MOST, heard.p99() - sip.p99());
        }

        /**
         * All press 1 until all have their assistant: nobody knows here when the question begins.
         */
        private Phones.Batch talking(int calls) throws IOException {
            var batch =
                    phones.call(
                            Phones.SOCKET_NUMBER,
                            new Phones.Plan(calls, TestBed.SETUPS, null, null, true));
            long end = System.nanoTime() + TestBed.PATIENCE.toNanos();
            while (bots.talking() < batch.answered.sum() && System.nanoTime() < end) {
                phones.press(batch, '1', 100);
                TestBed.pause(0.5);
            }
            return batch;
        }

        private void end(Phones.Batch batch) throws InterruptedException {
            phones.hangUp(batch, 200);
            if (!batch.await(TestBed.PATIENCE)) {
                throw new IllegalStateException("calls did not end");
            }
            TestBed.pause(2); // the last BYE is out, and its socket is to be closed
        }
    }
}
