package org.consentgateway.api;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.api.call.RunningCallRoutes;
import org.consentgateway.api.call.RunningCalls;
import org.consentgateway.api.operation.TodayRoutes;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.proof.OperatorRequests;
import org.consentgateway.proof.OperatorWithdrawals;
import org.consentgateway.proof.TaskRegister;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.statistics.today.TodaySeen;
import org.consentgateway.web.Status;

/** Immutable. Every route there is. */
public final class ApiRoutes {
    private final List<ApiRoute> all;

    /** What people do on behalf of callers. */
    public record Desk(
            OperatorWithdrawals withdrawals,
            ConsentImport imports,
            OperatorRequests requests,
            TaskRegister tasks,
            CustomerReports reports) {}

    /** This node itself: its calls, how it is, what it has seen. */
    public record ThisNode(RunningCalls calls, Supplier<Status> status, TodaySeen seen) {}

    /**
     * @param more that are made elsewhere
     */
    public ApiRoutes(
            Ledger ledger, ApiArchive archive, Desk desk, ThisNode node, List<ApiRoute> more) {
        var consents =
                new ConsentRoutes(
                        ledger.reader(), ledger.pseudonyms(), desk.withdrawals(), archive);
        this.all =
                Stream.of(
                                consents.all(),
                                new ImportRoutes(desk.imports()).all(),
                                new SubjectRoutes(ledger, desk.requests(), consents).all(),
                                new LogRoutes(ledger.reader()).all(),
                                new RunningCallRoutes(node.calls(), node.seen().steps()).all(),
                                new TodayRoutes(node.status(), node.seen()).all(),
                                new TaskRoutes(desk.tasks()).all(),
                                new NoticeRoutes(archive).all(),
                                new StatisticsRoutes(ledger.reader(), archive).all(),
                                new CustomerReportRoutes(desk.reports(), desk.withdrawals()).all(),
                                more)
                        .flatMap(List::stream)
                        .toList();
    }

    List<ApiRoute> all() {
        return all;
    }
}
