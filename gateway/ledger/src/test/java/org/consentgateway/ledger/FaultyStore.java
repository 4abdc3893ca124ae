package org.consentgateway.ledger;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. A real store that fails at the n-th operation: before doing it, after doing it (the
 * answer is lost), or for good from then on (as for a process that dies there).
 */
final class FaultyStore {
    enum Fault {
        FAILS_BEFORE,
        FAILS_AFTER,
        DIES
    }

    private static final Set<String> OPERATIONS =
            Set.of(
                    "getConnection",
                    "commit",
                    "execute",
                    "executeBatch",
                    "executeQuery",
                    "executeUpdate");

    private final DataSource real;
    private final Fault fault;
    private final AtomicInteger operations = new AtomicInteger();
    private volatile int failAt = Integer.MAX_VALUE;
    private volatile @Nullable Supplier<Throwable> unheardOf;

    FaultyStore(DataSource real, Fault fault) {
        this.real = real;
        this.fault = fault;
    }

    /** Counts from now on; the n-th operation fails. */
    void arm(int n) {
        operations.set(0);
        failAt = n;
    }

    /** From now on nobody connects, for a reason that no driver should have. */
    void connectingEndsWith(Supplier<Throwable> reason) {
        unheardOf = reason;
        arm(1);
    }

    int operations() {
        return operations.get();
    }

    /** Whether the run got as far as the fault. */
    boolean struck() {
        return operations.get() >= failAt;
    }

    DataSource source() {
        return wrap(DataSource.class, real);
    }

    private <T> T wrap(Class<T> type, Object target) {
        InvocationHandler handler = (proxy, method, arguments) -> call(target, method, arguments);
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object call(Object target, Method method, Object[] arguments) throws Throwable {
        boolean counted = OPERATIONS.contains(method.getName());
        int n = counted ? operations.incrementAndGet() : 0;
        if (counted && (fault == Fault.DIES ? n >= failAt : n == failAt && isBefore())) {
            if (method.getName().equals("getConnection") && unheardOf != null) {
                throw unheardOf.get();
            }
            throw new SQLException("the store fails at operation " + n);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (counted && n == failAt) {
            throw new SQLException("the answer to operation " + n + " is lost");
        }
        return switch (result) {
            case Connection connection -> wrap(Connection.class, connection);
            case PreparedStatement statement -> wrap(PreparedStatement.class, statement);
            case Statement statement -> wrap(Statement.class, statement);
            case null, default -> result;
        };
    }

    private boolean isBefore() {
        return fault == Fault.FAILS_BEFORE;
    }
}
