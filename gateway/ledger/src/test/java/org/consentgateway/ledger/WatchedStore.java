package org.consentgateway.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Thread-safe. A real store of which some threads' operations are told before they are done.
 *
 * @param whose of which threads
 * @param told the method, and the SQL where it is given one
 */
record WatchedStore(DataSource real, Predicate<Thread> whose, BiConsumer<String, String> told) {
    /** The writer's operations. */
    WatchedStore(DataSource real, BiConsumer<String, String> told) {
        this(real, thread -> thread.getName().equals("ledger-writer"), told);
    }

    DataSource source() {
        return wrap(DataSource.class, real);
    }

    private <T> T wrap(Class<T> type, Object target) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (whose.test(Thread.currentThread())) {
                                told.accept(method.getName(), sql(arguments));
                            }
                            return wrapped(invoke(target, method, arguments));
                        }));
    }

    private static String sql(Object[] arguments) {
        return arguments != null && arguments.length > 0 && arguments[0] instanceof String text
                ? text
                : "";
    }

    private Object wrapped(Object result) {
        return switch (result) {
            case Connection connection -> wrap(Connection.class, connection);
            case PreparedStatement statement -> wrap(PreparedStatement.class, statement);
            case Statement statement -> wrap(Statement.class, statement);
            case null, default -> result;
        };
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
