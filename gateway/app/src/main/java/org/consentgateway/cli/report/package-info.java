/** {@code reports}: what the operation did, month by month. */
@NullMarked
package org.consentgateway.cli.report;

import org.jspecify.annotations.NullMarked;
