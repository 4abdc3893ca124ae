package org.consentgateway.bench.parts;

import java.io.IOException;
import java.util.ArrayDeque;
import org.consentgateway.bench.load.Phones;
import org.consentgateway.bench.load.Samples;
import org.consentgateway.bench.load.Voices;
import org.consentgateway.bench.testbed.ChildProcess;
import org.consentgateway.bench.testbed.ConsentQuestion;
import org.consentgateway.bench.testbed.CpuUsage;
import org.consentgateway.bench.testbed.GatewayProcess;
import org.consentgateway.bench.testbed.Report;
import org.consentgateway.bench.testbed.Report.Limit;
import org.consentgateway.bench.testbed.TestBed;
import org.consentgateway.bench.testbed.WarmUp;

/**
 * Confined to the main thread. What a call costs as they grow in number: from the most to the
 * least, so that the disclosures are waited for once.
 */
final class Scale implements Part {
    @Override
    public void measure(TestBed bed) throws Exception {
        int most = bed.isQuick() ? 200 : 800;
        double seconds = bed.isQuick() ? 2 : 4;
        try (var voices = new Voices();
                var gateway = bed.gateway(3000, TestBed.TOUCHED);
                var phones = bed.phones(voices)) {
            // What the process itself takes for calls, such as compiled code, is no call's.
            WarmUp.practise(gateway, phones, 5 * TestBed.CALLS);
            WarmUp.rest(gateway.kernel());
            new Run(bed.report(), gateway, phones, voices, seconds).measure(most);
            bed.report().add("load program, times it fell behind by 5 ms", "", voices.late());
        }
    }

    /**
     * In one gateway.
     *
     * @param seconds that each number of calls is measured
     */
    private record Run(
            Report report, GatewayProcess gateway, Phones phones, Voices voices, double seconds) {
        void measure(int most) throws Exception {
            double heap = gateway.liveHeapKib();
            long resident = gateway.kernel().residentKib();
            report.add("resident, heap of 512 MB touched", "MiB", resident / 1024.0);
            report.add("live heap, idle", "MiB", heap / 1024);
            var batches = new ArrayDeque<Phones.Batch>();
            int last = 0;
            for (int calls = 50; calls <= most; calls *= 2) {
                batches.push(
                        phones.call(
                                new Phones.Plan(calls - last, TestBed.SETUPS, null, null, true)));
                last = calls;
            }
            batches.reversed().forEach(batch -> ConsentQuestion.answer(phones, batch));
            TestBed.pause(1.5);
            bridges(most);
            report.add(
                    "memory per bridged call, set up just now",
                    "KiB",
                    (gateway.liveHeapKib() - heap) / most);
            TestBed.pause(TestBed.TRANSACTION);
            double grown = gateway.liveHeapKib() - heap + gateway.kernel().residentKib() - resident;
            report.add("memory per bridged call", "KiB", 64, Limit.AT_MOST, grown / most);
            dialogs(most);
            for (int calls = most / 2; calls >= 50; calls /= 2) {
                var leaving = batches.pop();
                phones.hangUp(leaving, 200);
                leaving.await(TestBed.PATIENCE);
                TestBed.pause(1);
                bridges(calls);
            }
        }

        private void bridges(int calls) throws IOException {
            long dropped = ChildProcess.datagramsDropped();
            Voices.Window window = voices.begin();
            double cpu = CpuUsage.percent(gateway.kernel(), seconds);
            voices.end();
            String name = "%d bridged calls".formatted(calls);
            report.add(name + ", CPU per 100", "% core", cpu * 100 / calls);
            report.add(name + ", one way p99", "µs", window.latencyMicros.quantile(0.99));
            report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            report.add(
                    name + ", datagrams without room",
                    "",
                    (double) (ChildProcess.datagramsDropped() - dropped));
        }

        private void dialogs(int bridged) throws Exception {
            int calls = bridged / 2;
            var dialogs = phones.call(new Phones.Plan(calls, TestBed.SETUPS, null, null, true));
            var load = new ChildProcess(ProcessHandle.current().pid());
            Voices.Window window = voices.begin();
            double loaded = load.cpuMillis();
            double cpu = CpuUsage.percent(gateway.kernel(), seconds);
            loaded = (load.cpuMillis() - loaded) / (seconds * 10);
            voices.end();
            String name = "%d bridged and %d in dialog".formatted(bridged, calls);
            report.add(
                    name + ", answered",
                    "calls",
                    calls,
                    Limit.AT_LEAST,
                    (double) dialogs.answered.sum());
            report.add(name + ", packets lost", "%", 0, Limit.AT_MOST, window.lossPercent());
            Samples pacing = window.pacingMicros();
            report.add(name + ", pacing error p50", "µs", pacing.quantile(0.5));
            report.add(name + ", pacing error p99", "µs", pacing.quantile(0.99));
            report.add(name + ", gateway", "% core", cpu);
            report.add(name + ", load program beside it", "% core", loaded);
            phones.hangUp(dialogs, 200);
            dialogs.await(TestBed.PATIENCE);
        }
    }
}
