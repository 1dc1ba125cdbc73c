import { request } from '../request.ts';
import { LEARN, PLATFORM_UNDERSTANDING, TAKE_BACK, UNDERSTANDING } from './understanding.graphql.ts';

const verbs = {
  understanding: () => request(UNDERSTANDING, {}),
  platformUnderstanding: () => request(PLATFORM_UNDERSTANDING, {}),
  takeBackLearnedCategories: async () => void (await request(TAKE_BACK, {})),
  learnCategories: async () => void (await request(LEARN, {})),
};

export const understanding = { verbs };
export type PlatformUnderstanding = Awaited<ReturnType<typeof verbs.platformUnderstanding>>;
export type Progress = PlatformUnderstanding['platformUnderstanding'];
export type Learned = PlatformUnderstanding['learnedCategories'][number];
