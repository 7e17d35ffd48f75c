import type { CatalogueEntry } from '../catalogue.js';

/** One file of a downloadable dataset, and how to tell that it is the right one. */
export interface SourceFile {
  /** Its usual name, without `.gz`. */
  readonly file: string;
  readonly shape: readonly number[];
  /** The SHA-256 of its decompressed content. */
  readonly content?: string;
  /** The SHA-256 of the `.gz` file that the mirrors have; other compressions of the same content differ. */
  readonly gzip?: string;
}

/** A dataset of IDX files that is found on disk or downloaded. */
export interface Source extends CatalogueEntry {
  readonly classes: number;
  /** Addresses of folders that hold its `.gz` files, in the order in which they are tried. */
  readonly mirrors: readonly string[];
  readonly train: { readonly images: SourceFile; readonly labels: SourceFile };
  readonly test: { readonly images: SourceFile; readonly labels: SourceFile };
}

type Digests = Pick<SourceFile, 'content' | 'gzip'>;

/** The four files that MNIST and its kin share the names and shapes of. */
function fourFiles(
  trainImages: Digests,
  trainLabels: Digests,
  testImages: Digests,
  testLabels: Digests,
): Pick<Source, 'train' | 'test' | 'classes'> {
  return {
    classes: 10,
    train: {
      images: { file: 'train-images-idx3-ubyte', shape: [60_000, 28, 28], ...trainImages },
      labels: { file: 'train-labels-idx1-ubyte', shape: [60_000], ...trainLabels },
    },
    test: {
      images: { file: 't10k-images-idx3-ubyte', shape: [10_000, 28, 28], ...testImages },
      labels: { file: 't10k-labels-idx1-ubyte', shape: [10_000], ...testLabels },
    },
  };
}

/** The datasets that are known by name. The gzip digests are those that TensorFlow Datasets records (`url_checksums`). */
export const sources: readonly Source[] = [
  {
    name: 'mnist',
    about: 'handwritten digits (LeCun, Cortes and Burges), 28×28, 60,000 and 10,000',
    mirrors: [
      'https://storage.googleapis.com/cvdf-datasets/mnist/',
      'https://ossci-datasets.s3.amazonaws.com/mnist/',
    ],
    ...fourFiles(
      { content: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db' },
      { content: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5' },
      { content: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7' },
      { content: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2' },
    ),
  },
  {
    name: 'fashion-mnist',
    about: 'articles of clothing (Xiao, Rasul and Vollgraf 2017), 28×28, 60,000 and 10,000',
    mirrors: [
      'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
      'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    ],
    ...fourFiles(
      { gzip: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84' },
      { gzip: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845' },
      { gzip: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073' },
      { gzip: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5' },
    ),
  },
  {
    name: 'kmnist',
    about: 'cursive Japanese characters (Clanuwat et al. 2018), 28×28, 60,000 and 10,000',
    mirrors: ['https://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
    ...fourFiles(
      { gzip: '51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4' },
      { gzip: 'e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17' },
      { gzip: 'edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5' },
      { gzip: '20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c' },
    ),
  },
];
