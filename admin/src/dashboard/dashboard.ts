import { request } from '../request.ts';
import { DASHBOARD } from './dashboard.graphql.ts';

/** The figures of the chosen community. */
export const dashboard = async () => (await request(DASHBOARD, {})).dashboard;
