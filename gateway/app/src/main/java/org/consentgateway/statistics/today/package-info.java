/**
 * What is going on at this node now and since midnight: for those who watch it, not for reports.
 */
@NullMarked
package org.consentgateway.statistics.today;

import org.jspecify.annotations.NullMarked;
