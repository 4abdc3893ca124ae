package org.consentgateway.bench;

import java.io.IOException;
import org.consentgateway.bench.Report.Limit;

/**
 * Confined to the main thread. As many calls as wanted to assistants over SIP, and then to such
 * behind WebSockets, through the same gateway: what the socket costs, and by how much later each
 * side hears the other.
 */
final class SocketCalls {
    private final Report report;
    private final GatewayProcess gateway;
    private final Phones phones;
    private final Voices voices;
    private final SocketBots bots;

    SocketCalls(
            Report report, GatewayProcess gateway, Phones phones, Voices voices, SocketBots bots) {
        this.report = report;
        this.gateway = gateway;
        this.phones = phones;
        this.voices = voices;
        this.bots = bots;
    }

    /** Until the compilers have nothing left to do. */
    void practise(int calls) throws Exception {
        Phones.Batch batch = talking(calls);
        Bench.pause(5);
        end(batch);
        Bench.settle(gateway.kernel());
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
        var batch = phones.call(new Phones.Plan(calls, Bench.SETUPS, null, null, true));
        Bench.answer(phones, batch);
        Bench.pause(3);
        Voices.Window window = voices.begin();
        double cpu = Bench.cpuPercent(gateway.kernel(), seconds);
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
        Bench.pause(3);
        String name = calls + " on sockets, ";
        report.add(name + "at once", "calls", calls, Limit.AT_LEAST, bots.talking());
        long unsent = bots.unsent();
        Voices.Window backward = voices.begin();
        SocketBots.Window forward = bots.begin();
        double cpu = Bench.cpuPercent(gateway.kernel(), seconds);
        voices.end();
        bots.end();
        report.add(name + "CPU per call", "% core", 0.3, Limit.AT_MOST, cpu / calls);
        added(name + "to the assistant", Heard.in(forward.latencyMicros), sip);
        added(name + "to the caller", Heard.in(backward.latencyMicros), sip);
        report.add(name + "20 ms lost there", "%", 0, Limit.AT_MOST, forward.lossPercent());
        report.add(name + "packets lost back", "%", 0, Limit.AT_MOST, backward.lossPercent());
        report.add(name + "not read by the gateway", "20 ms", (double) (bots.unsent() - unsent));
        end(batch);
        report.add(name + "left when all have hung up", "calls", 0, Limit.AT_MOST, bots.talking());
    }

    private void added(String name, Heard heard, Heard sip) {
        report.add(name + " p50", "ms", heard.p50());
        report.add(name + " p99", "ms", heard.p99());
        report.add(name + ", added p50", "ms", 60, Limit.AT_MOST, heard.p50() - sip.p50());
        report.add(name + ", added p99", "ms", 100, Limit.AT_MOST, heard.p99() - sip.p99());
    }

    /** All press 1 until all have their assistant: nobody knows here when the question begins. */
    private Phones.Batch talking(int calls) throws IOException {
        var batch =
                phones.call(
                        Phones.SOCKET_NUMBER,
                        new Phones.Plan(calls, Bench.SETUPS, null, null, true));
        long end = System.nanoTime() + Bench.PATIENCE.toNanos();
        while (bots.talking() < batch.answered.sum() && System.nanoTime() < end) {
            phones.press(batch, '1', 100);
            Bench.pause(0.5);
        }
        return batch;
    }

    private void end(Phones.Batch batch) throws InterruptedException {
        phones.hangUp(batch, 200);
        if (!batch.await(Bench.PATIENCE)) {
            throw new IllegalStateException("calls did not end");
        }
        Bench.pause(2); // the last BYE is out, and its socket is to be closed
    }
}
