/** How the operation went, month by month: what is counted, and the report made of it. */
@NullMarked
package org.consentgateway.statistics;

import org.jspecify.annotations.NullMarked;
